"""Sphinx's settings, of both languages; `book_language` comes from the command."""

import os

from website.words import SPHINX, TITLE

book_language = os.environ["BOOK_LANGUAGE"]
language = SPHINX[book_language]
project = html_title = TITLE[book_language]
author = copyright = "The tfnotes authors"
extensions = ["myst_parser", "website.extension", "website.mathematics"]
html_theme = "furo"
html_theme_options = {"light_css_variables": {"color-code-background": "#f5f7f9"}}
html_math_renderer = "katex"
templates_path = ["templates"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "attrs_inline"]
myst_heading_anchors = 0
myst_links_external_new_tab = False
nitpicky = True
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
myst_update_mathjax = False
