"""The gates of a recurrent layer and of its twin, side by side: a picture and a table."""


def draw(path, concept, ours, theirs):
    """Writes a PNG with a row for each gate or state and a column for each of the two: units over steps.

    Raises:
        InputError: matplotlib isn't there.
        OSError: `path` can't be written.
    """
    from tfnotes import extras, files

    extras.needed("matplotlib.figure", "figures", "compare: `gates` needs")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 1.3 * len(ours) + 0.8), layout="constrained")
    axes = figure.subplots(len(ours), 2, squeeze=False, sharex=True)
    for row, name in zip(axes, ours, strict=True):
        for place, layer, values in zip(row, ("tfnotes", "Keras"), (ours[name], theirs[name]), strict=True):
            low = 0 if name in ("input", "forget", "output", "update", "reset") else -1
            image = place.imshow(values.T, aspect="auto", cmap="viridis", vmin=low, vmax=1)
            place.set_title(f"{layer}: {name}", fontsize=9)
            place.set_ylabel("unit", fontsize=8)
        figure.colorbar(image, ax=list(row))
    for place in axes[-1]:
        place.set_xlabel("step")
    figure.suptitle(f"{concept.target.__name__} on one random sequence")
    with files.write_aside(path) as aside:
        figure.savefig(aside, format="png", dpi=110)


def table(ours, theirs):
    """Mean of each gate or state, and the largest difference of the two."""
    import numpy as np
    from rich.table import Table

    found = Table("gate or state", "mean, ours", "mean, theirs", "largest difference")
    for name, values in ours.items():
        difference = np.abs(values - theirs[name]).max()
        found.add_row(name, f"{values.mean():.4f}", f"{theirs[name].mean():.4f}", f"{difference:.1e}")
    return found
