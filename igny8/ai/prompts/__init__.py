"""Prompts as they are shipped, as sites word them, and as models get them."""

from igny8.ai.prompts.rendering import prompt_fingerprint, prompt_text, render_prompt

__all__ = ["prompt_fingerprint", "prompt_text", "render_prompt"]
