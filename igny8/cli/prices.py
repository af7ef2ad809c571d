"""`igny8 prices`: what models cost, what you pay instead, and how that turns into credits."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, say, say_json
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.accounts.models import Account

prices = typer.Typer(
    no_args_is_help=True, help="Look up and set what models cost, and how cost turns into credits."
)
MICRO = 1_000_000
SHOWN = 60
DEAREST = 1_000_000
Model = Annotated[str, typer.Argument(help="The model, as its provider calls it.")]


@prices.command("list")
def list_all(
    search: Annotated[
        list[str] | None, typer.Argument(help="Words that provider and model must hold.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List prices of models: dollars for a million tokens."""
    from igny8.credits.price_list import list_prices

    found = list(list_prices(" ".join(search or ())))
    if as_json:
        say_json(
            [
                {
                    "provider": one.provider,
                    "model": one.model,
                    "input": _dollars(one.input_rate),
                    "output": _dollars(one.output_rate),
                }
                for one in found
            ]
        )
        return
    for one in found[:SHOWN]:
        rates = f"{_shown(one.input_rate):>10} in {_shown(one.output_rate):>10} out"
        say(f"{one.provider:<20} {one.model:<44} {rates}")
    if len(found) > SHOWN:
        say(f"… and {len(found) - SHOWN:,} more; name a part: igny8 prices list gpt mini")
    if not found:
        say("The list does not know it. Say what you pay: igny8 prices set MODEL")


@prices.command("own")
def own(as_json: AsJson = False) -> None:
    """Show your own prices, the tariff and the balance."""
    account = _account()
    from igny8.credits.account_prices import tariff_of
    from igny8.credits.models import CreditAccount, PriceOverride

    rows = PriceOverride.objects.filter(account=account).order_by("model")
    told = [
        {
            "model": row.model,
            "input": _dollars(row.input_rate),
            "output": _dollars(row.output_rate),
            "cached": _dollars(row.cached_rate),
            "image": _dollars(row.image_rate),
        }
        for row in rows
    ]
    tariff, credit = tariff_of(account.pk), CreditAccount.objects.filter(account=account).first()
    if as_json:
        say_json({"prices": told, "tariff": _tariff_json(tariff), "balance": _balance(credit)})
        return
    for row in told:
        rates = (f"{name} {value}" for name, value in row.items() if name != "model" and value)
        say(f"{row['model']:<40} {', '.join(rates) or 'free'}")
    if not told:
        say("No own prices; the list counts. Set one: igny8 prices set MODEL")
    say(_tariff_text(tariff))
    if credit is not None:
        kind = "paid beforehand" if credit.is_prepaid else "paid afterwards"
        say(f"Balance {_balance(credit)} credits, {kind}")


@prices.command("set")
def set_own(
    model: Model,
    input_: Annotated[
        float | None, typer.Option("--input", min=0, help="Dollars for a million input tokens.")
    ] = None,
    output: Annotated[
        float | None, typer.Option(min=0, help="Dollars for a million output tokens.")
    ] = None,
    cached: Annotated[
        float | None,
        typer.Option(min=0, help="Dollars for a million input tokens from the cache."),
    ] = None,
    image: Annotated[float | None, typer.Option(min=0, help="Dollars for an image.")] = None,
) -> None:
    """Set what you pay for a model; 0 is a price, too."""
    account = _account()
    from igny8.credits.edits import set_price

    rates = {
        "input_rate": input_,
        "output_rate": output,
        "cached_rate": cached,
        "image_rate": image,
    }
    set_price(account, model, {name: _micro(rate) for name, rate in rates.items()})
    say(f"{model} has your price. See it: igny8 prices own")


@prices.command("unset")
def unset_own(model: Model) -> None:
    """Take your own price back; the list counts again."""
    account = _account()
    from igny8.credits.edits import unset_price

    unset_price(account, model)
    say(f"{model} costs what the list says.")


@prices.command("tariff")
def tariff(
    kind: Annotated[
        str | None, typer.Argument(help="list_price: by cost; fixed: by function.")
    ] = None,
    multiplier: Annotated[
        str | None, typer.Option(help="Credits for a cent of cost; 1 when never set.")
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option(metavar="FUNCTION=CREDITS", help="Credits for a call; may be repeated."),
    ] = None,
) -> None:
    """Show or change how cost turns into credits."""
    account = _account()
    from igny8.credits.account_prices import tariff_of
    from igny8.credits.edits import set_tariff

    if kind or multiplier is not None or fixed:
        rates = dict(_fixed(text) for text in fixed or ())
        set_tariff(account, kind=kind, multiplier=_decimal(multiplier), fixed=rates)
    say(_tariff_text(tariff_of(account.pk)))


@prices.command("grant")
def grant(
    amount: Annotated[str, typer.Argument(help="Credits to add; a negative number takes some.")],
) -> None:
    """Add credits to the balance; from then on what it lacks is refused."""
    account = _account()
    from igny8.credits.edits import set_prepaid
    from igny8.credits.ledger import grant as add
    from igny8.credits.models import CreditAccount

    credits_given = _decimal(amount)
    assert credits_given is not None
    add(account.pk, credits_given)
    set_prepaid(account, is_prepaid=True)
    say(f"Balance {_balance(CreditAccount.objects.get(account=account))} credits, paid beforehand")


@prices.command("afterwards")
def afterwards() -> None:
    """Refuse nothing for want of credits: they are paid afterwards, as at the start."""
    account = _account()
    from igny8.credits.edits import set_prepaid

    set_prepaid(account, is_prepaid=False)
    say("Credits are paid afterwards; nothing is refused for want of them.")


def _account() -> "Account":
    open_database()
    from igny8.accounts.models import owner_account

    return owner_account()


def _fixed(text: str) -> tuple[str, Decimal]:
    from igny8.automation.workload import WORK

    name, sign, rate = text.partition("=")
    amount = _decimal(rate) if sign else None
    if amount is None:
        raise UsageError(f"“{text}” sets nothing; write it like write_section=0.5.")
    if name not in WORK:
        raise UsageError(f"There is no function “{name}”. Functions: {', '.join(sorted(WORK))}.")
    return name, amount


def _decimal(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite():
        raise UsageError(f"“{text}” is no number.")
    return amount


def _micro(dollars: float | None) -> int | None:
    if dollars is None:
        return None
    if not 0 <= dollars <= DEAREST:
        raise UsageError(f"A rate is a number of dollars from 0 to {DEAREST:,}.")
    return round(dollars * MICRO)


def _dollars(rate: int | None) -> float | None:
    return None if rate is None else rate / MICRO


def _shown(rate: int | None) -> str:
    return "unknown" if rate is None else f"${rate / MICRO:,.3f}".rstrip("0").rstrip(".")


def _balance(credit: Any) -> str | None:
    from igny8.credits.estimate import plain
    from igny8.credits.ledger import PARTS

    return None if credit is None else plain(Decimal(credit.balance) / PARTS)


def _tariff_json(tariff: Any) -> dict[str, Any]:
    fixed = {name: str(rate) for name, rate in tariff.fixed.items()}
    return {"kind": str(tariff.kind), "multiplier": str(tariff.multiplier), "fixed": fixed}


def _tariff_text(tariff: Any) -> str:
    if tariff.kind == "fixed":
        rates = ", ".join(f"{name} {rate}" for name, rate in sorted(tariff.fixed.items()))
        return f"Tariff: fixed credits for a call: {rates or 'none set, so all are unknown'}"
    return f"Tariff: {tariff.multiplier.normalize():f} credits for each cent of list price"
