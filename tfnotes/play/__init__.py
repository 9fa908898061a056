"""Trained models in a page: a static folder in which a browser runs them, and shows what they do.

    play.js, play.css, *.wasm   the page's code, built by `make play` from `web/`
    models/index.json           the models of the page, and for which widgets each is
    models/NAME/                an export's metadata and ONNX files, and a file for each widget that needs more
    data/NAME.json              what a widget without a model shows
"""
