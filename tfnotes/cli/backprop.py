"""`tfnotes backprop`: the worked example of backpropagation, step by step. It needs no TensorFlow."""

import click

from tfnotes.cli import _terminal


@click.command("backprop")
@click.option(
    "--updates", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="How long to train it."
)
@click.option("--biases", is_flag=True, help="Update the biases as well, which the published example doesn't.")
def command(updates, biases):
    """Work through backpropagation: a network with two inputs, two hidden units and two outputs,
    its forward and backward pass, and what a widespread error in published copies changes."""
    import numpy as np
    from rich.table import Table

    from tfnotes.backprop import example, network

    console = _terminal.console()
    layers = list(example.LAYERS)
    a = network.forward(layers, example.INPUTS)
    gradients = network.backward(layers, a, example.TARGETS)

    table = Table("matrix", "rows x columns", "values", title="Forward pass")
    values = {"a[0]": a[0]}
    for k, (layer, output) in enumerate(zip(layers, a[1:], strict=True), 1):
        values |= {f"w[{k}]": layer.w, f"b[{k}]": layer.b, f"a[{k}]": output}
    _rows(table, values)
    console.print(table)
    console.print(f"total error {network.error(a[-1], example.TARGETS):.9f}", highlight=False)

    table = Table("matrix", "rows x columns", "values", title="Backward pass: how the error changes with each")
    _rows(table, {f"d{n}[{k}]": g for k in (2, 1) for n, g in gradients[k - 1]._asdict().items()})
    console.print(table)

    title = f"One update, rate {example.RATE:g}" + ("" if biases else ", biases left as they are")
    table = Table("weight", "before", "after", "if updated too early", "wrong by", title=title)
    right, early = (example.weights(example.train(1, biases, too_early)) for too_early in (False, True))
    for name, before in example.weights(layers).items():
        row = (
            f"{before:.2f}",
            f"{right[name]:.9f}",
            f"{early[name]:.9f}",
            f"{early[name] - right[name]:.1e}",
        )
        table.add_row(name, *row)
    console.print(table)

    table = Table("updates", "total error", "outputs", "error if updated too early", "outputs", title="Training")
    for n in sorted({1, updates}):
        cells: list[str] = []
        for too_early in (False, True):
            output = network.forward(example.train(n, biases, too_early), example.INPUTS)[-1]
            cells += [
                f"{network.error(output, example.TARGETS):.9f}",
                np.array2string(output.T[0], precision=9),
            ]
        table.add_row(str(n), *cells)
    console.print(table)
    console.print(
        "Updated too early: the output layer is updated before the error passes through its weights. "
        "Published copies that give 0.291027924 after one update do that; 0.291027774 is right.",
        highlight=False,
    )


def _rows(table, matrices):
    for name, matrix in matrices.items():
        rows = [" ".join(f"{v:.9f}" for v in row) for row in matrix]
        table.add_row(name, " x ".join(map(str, matrix.shape)), "\n".join(rows))
