"""Words and phrases that give a search's purpose away, by language.

A phrase counts anywhere between word boundaries; a `^` ties it to the start of the keyword.
"""

from __future__ import annotations

NAVIGATIONAL = {
    "en": "login, log in, sign in, signin, official, official site, official website, homepage, "
    "customer service, www",
    "de": "anmelden, einloggen, offizielle, offizielle seite, startseite",
    "es": "iniciar sesión, iniciar sesion, acceder, sitio oficial, página oficial, pagina oficial",
    "fr": "connexion, se connecter, site officiel, page officielle",
    "it": "accedi, accesso, sito ufficiale, pagina ufficiale",
    "nl": "inloggen, aanmelden, officiële, officiele",
    "pt": "entrar, iniciar sessão, site oficial, página oficial",
}
TRANSACTIONAL = {
    "en": "buy, price, prices, pricing, cost, costs, cheap, cheapest, affordable, coupon, coupons, "
    "promo code, discount, discounts, deals, sale, for sale, on sale, order online, "
    "purchase, shop, near me, nearby, hire, rent, rental, book online, booking, get a quote, "
    "subscription, subscribe, free trial, free shipping, delivery, download, wholesale, in stock",
    "de": "kaufen, bestellen, preis, preise, kosten, günstig, guenstig, billig, angebot, angebote, "
    "gutschein, rabatt, in der nähe, in meiner nähe, mieten, buchen, lieferung, shop, laden, "
    "online bestellen, herunterladen",
    "es": "comprar, precio, precios, barato, barata, baratos, baratas, oferta, ofertas, descuento, "
    "cupón, cupon, cerca de mí, cerca de mi, alquilar, alquiler, reservar, pedir, tienda, envío, "
    "cuánto cuesta, cuanto cuesta, descargar",
    "fr": "acheter, achat, prix, pas cher, promo, promotion, code promo, réduction, soldes, tarif, "
    "tarifs, commander, près de moi, pres de moi, louer, réserver, livraison, boutique, "
    "combien coûte, télécharger",
    "it": "comprare, acquistare, acquisto, prezzo, prezzi, economico, economici, offerta, offerte, "
    "sconto, sconti, codice sconto, vicino a me, noleggio, prenotare, ordinare, negozio, "
    "quanto costa, scaricare",
    "nl": "kopen, bestellen, prijs, prijzen, kosten, goedkoop, goedkope, aanbieding, aanbiedingen, "
    "korting, kortingscode, in de buurt, huren, boeken, winkel, levering, downloaden",
    "pt": "comprar, preço, preco, preços, barato, barata, oferta, ofertas, desconto, cupom, cupão, "
    "perto de mim, alugar, aluguel, reservar, encomendar, loja, entrega, quanto custa, baixar",
}
BEST_MOMENT = {
    "en": "best time, best way, best month",
    "de": "beste zeit, bester zeitpunkt, beste zeitpunkt",
    "es": "mejor época, mejor momento, mejor forma, mejor manera",
    "fr": "meilleur moment, meilleure période, meilleure façon",
    "it": "momento migliore, miglior momento, periodo migliore, miglior modo",
    "nl": "beste tijd, beste moment, beste manier",
    "pt": "melhor época, melhor momento, melhor forma, melhor maneira",
}
COMMERCIAL = {
    "en": "best, ^top, top rated, review, reviews, vs, versus, alternative, alternatives, compare, "
    "comparison, compared, rated, ranking, worth it, recommended, brands, ideas for gifts, "
    "difference between, or better, pros and cons",
    "de": "beste, besten, bester, bestes, im test, testsieger, erfahrung, erfahrungen, bewertung, "
    "bewertungen, vergleich, alternative, alternativen, empfehlung, unterschied zwischen",
    "es": "mejor, mejores, opinión, opiniones, opinion, reseña, reseñas, comparativa, comparación, "
    "alternativa, alternativas, recomendado, recomendados, diferencia entre",
    "fr": "meilleur, meilleure, meilleurs, meilleures, avis, comparatif, comparaison, alternative, "
    "alternatives, différence entre, lequel choisir",
    "it": "migliore, migliori, miglior, recensione, recensioni, opinioni, confronto, alternativa, "
    "alternative, differenza tra, consigliati",
    "nl": "beste, review, reviews, ervaring, ervaringen, vergelijken, vergelijking, alternatief, "
    "alternatieven, verschil tussen",
    "pt": "melhor, melhores, avaliação, avaliações, opinião, opiniões, resenha, comparação, "
    "comparativo, alternativa, alternativas, diferença entre",
}
INFORMATIONAL = {
    "en": "how, how to, ^what, ^why, ^when, ^where, ^who, ^which, ^can, ^does, ^do, ^is, ^are, "
    "^should, ^will, guide, tutorial, tips, ideas, examples, example, meaning, definition, "
    "explained, learn, recipe, recipes, diy, benefits, symptoms, causes, history, template, "
    "checklist, step by step, for beginners, facts, care",
    "de": "^wie, ^was, ^warum, ^wieso, ^weshalb, ^wann, ^wo, ^wer, ^welche, ^welcher, ^welches, "
    "^kann, anleitung, tipps, ideen, beispiele, bedeutung, definition, rezept, rezepte, ratgeber, "
    "selber machen, für anfänger, pflege, vorlage",
    "es": "^cómo, ^como, ^qué, ^que, ^por qué, ^porque, ^cuándo, ^cuando, ^dónde, ^donde, ^quién, "
    "^cuál, ^cual, ^para qué, guía, guia, consejos, ideas, ejemplos, significado, receta, recetas, "
    "tutorial, paso a paso, para principiantes, beneficios, cuidados, plantilla",
    "fr": "^comment, ^pourquoi, ^quand, ^où, ^qui, ^quoi, ^quel, ^quelle, ^quels, ^quelles, "
    "^qu'est ce, ^que, ^combien de, guide, conseils, astuces, idées, exemples, exemple, "
    "signification, définition, recette, recettes, tutoriel, pour débutants, bienfaits, entretien",
    "it": "^come, ^cosa, ^perché, ^perche, ^quando, ^dove, ^chi, ^quale, ^quali, ^che, guida, "
    "consigli, idee, esempi, significato, definizione, ricetta, ricette, tutorial, fai da te, "
    "passo passo, per principianti, benefici, cura",
    "nl": "^hoe, ^wat, ^waarom, ^wanneer, ^waar, ^wie, ^welke, ^kan, handleiding, tips, ideeën, "
    "voorbeelden, betekenis, definitie, recept, recepten, zelf maken, stappenplan, voor beginners, "
    "verzorging",
    "pt": "^como, ^o que, ^por que, ^porque, ^quando, ^onde, ^quem, ^qual, ^quais, guia, dicas, "
    "ideias, exemplos, significado, definição, receita, receitas, tutorial, passo a passo, "
    "para iniciantes, benefícios, cuidados, modelo",
}
