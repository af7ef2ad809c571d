import pytest

from igny8.ai.functions import AIFunction, Form
from igny8.ai.prompts import prompt_text
from igny8.ai.prompts.trial import preview_prompt
from igny8.ai.prompts.variables import variables_of
from igny8.automation.prompts import PROMPTS, Prompt
from tests.provider_server import product_functions

EACH = pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.function.name)


def test_every_function_of_the_product_can_be_worded() -> None:
    told = {f.name for f in product_functions().values() if f.form is not Form.EMBEDDING}
    assert {prompt.function.name for prompt in PROMPTS} == told
    assert all(isinstance(prompt.function, AIFunction) for prompt in PROMPTS)


@EACH
def test_the_prompt_shipped_could_be_saved_as_ones_own_and_previewed(prompt: Prompt) -> None:
    text = prompt_text(prompt.function)
    preview = preview_prompt(prompt.function, text, prompt.example)
    assert preview.tokens > 100
    assert "{{" not in preview.text


@EACH
def test_the_variables_a_prompt_needs_are_among_those_listed(prompt: Prompt) -> None:
    needed = {one.name for one in variables_of(prompt.function) if one.is_needed}
    assert needed == set(prompt.function.needed)
