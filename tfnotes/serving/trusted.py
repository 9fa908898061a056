"""What a SavedModel must not do unless its user trusts it: its graph is looked through before anything of it runs.

A graph of TensorFlow's is a program. Some operations read and write files, open connections or call Python; a model
has no use for them once its weights are loaded. Saving and loading those is in functions of their own, which the
graph's saver names and nothing else may call.
"""

import re

from tfnotes.errors import InputError, first_line
from tfnotes.serving import metadata

_ACTS = re.compile(
    # Files: ReadFile, WriteFile, InitializeTableFromTextFile, readers, datasets, checkpoints, summaries, ...
    r"File|Reader|Dataset|Save|Restore|Checkpoint|Shard|Summar(y|ies)Writer|WriteSummary|Write\w+Summary|RecordInput"
    r"|LoadAndRemap|GenerateVocab|ImmutableConst|FixedUnigram|(De|En)codeProto|Print|Debug|Abort"
    # Other programs, other machines, and machine code: PyFunc, RemoteCall, Recv, ...
    r"|PyFunc|Remote|Rpc|Send|Recv|Collective|Nccl|CustomCall|XlaCallModule|TRTEngine"
)
_SAVING = re.compile(r"SaveV2|RestoreV2|MergeV2Checkpoints|ShardedFilename")


def check(folder):
    """Refuses a SavedModel with operations that reach beyond the model.

    Args:
        folder: that of the SavedModel.

    Raises:
        InputError: it has some, or can't be read.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    # TensorFlow takes these in the place of saved_model.pb, or if that is missing.
    for other in ("saved_model.cpb", "saved_model.pbtxt"):
        if (folder / other).exists():
            raise metadata.damaged(folder, f"{other} isn't what tfnotes exports")
    model = saved_model_pb2.SavedModel()
    try:
        model.ParseFromString((folder / "saved_model.pb").read_bytes())
    except (DecodeError, OSError) as error:
        raise metadata.damaged(folder, f"saved_model.pb: {first_line(error)}") from error
    acts = sorted({op for graph in model.meta_graphs for op in _acts(graph)})
    if acts:
        raise InputError(
            f"Exported: `export` must have no operations that read or write files, reach other machines or run Python; "
            f"if you know where it comes from, `trust` it. Received: {folder}, which has {', '.join(acts)[:200]}."
        )


def _acts(graph):
    """The operations of a `MetaGraphDef` that act, those left out with which its saver saves and loads weights."""
    nodes, functions = list(graph.graph_def.node), {f.signature.name: f for f in graph.graph_def.library.function}
    # Without an object graph signatures may ask any node, the saver's too.
    named = {graph.saver_def.save_tensor_name.split(":")[0], graph.saver_def.restore_op_name}
    saver = [node for node in nodes if node.name in named and graph.HasField("object_graph_def")]
    saves = {name for node in saver for name in _called(node)} - set(graph.object_graph_def.concrete_functions)
    for name, function in functions.items():
        nodes += [node for node in function.node_def if name not in saves or not _SAVING.fullmatch(node.op)]
    for node in nodes:
        if _ACTS.search(node.op):
            yield node.op
        if node not in saver and saves.intersection(_called(node)):
            yield "a call of what saves weights"


def _called(node):
    """The names of the functions that a node calls."""
    return [f.name for value in node.attr.values() for f in (value.func, *value.list.func) if f.name]
