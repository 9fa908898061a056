"""A SavedModel that reaches beyond its model is refused before anything of it runs, unless it is trusted."""

import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from tfnotes.errors import InputError
from tfnotes.serving import metadata, trusted
from tfnotes.serving.exported import Exported

VECTOR = tf.TensorSpec((None,), tf.float32, "x")


def python(x):
    return tf.py_function(lambda a: a, [x], tf.float32)


def inside(x):
    """Two functions deep, in a branch."""
    read = tf.function(lambda: tf.strings.length(tf.io.read_file("secret")))
    return tf.cond(tf.size(x) > 3, lambda: x + tf.cast(tf.function(read)(), tf.float32), lambda: x)


def lines(path):
    return tf.cast(tf.data.TextLineDataset(path).reduce(0, lambda n, _: n + 1), tf.float32)


ACTING = {
    "ReadFile": lambda x: tf.strings.to_number(tf.io.read_file("secret")) + x,
    "WriteFile": lambda x: [tf.io.write_file("mark", "x"), x][1],
    "MatchingFiles": lambda x: tf.cast(tf.size(tf.io.matching_files("/*")), tf.float32) + x,
    "EagerPyFunc": python,
    "PrintV2": lambda x: [tf.print(x, output_stream="file://mark"), x][1],
    "RestoreV2": lambda x: x + tf.raw_ops.RestoreV2(
        prefix="p", tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
    )[0],
    "TextLineDataset": lambda x: x + lines("secret"),
}


def saved(folder, function):
    """A SavedModel of a function, with a variable, so that its saver has something to do."""
    module = tf.Module()
    module.weight = tf.Variable(2.0)
    module.ask = tf.function(lambda x: {"y": module.weight * function(x)}, input_signature=[VECTOR])
    tf.saved_model.save(module, str(folder), {"pixels": module.ask})
    return folder


def exported(folder):
    tensor = {"shape": ["batch"], "dtype": "float32"}
    about = {"task": "t", "model": "m", "data": "d", "labels": [], "decode": None}
    ways = {"pixels": {"inputs": {"x": tensor}, "outputs": {"y": tensor}}}
    metadata.write(folder, {**about, "formats": {"saved_model": {"pixels": {}}}, "endpoints": ways})
    return folder


@pytest.mark.parametrize("operation", ACTING)
def test_operations_that_act(tmp_path, operation):
    with pytest.raises(InputError, match=rf"if you know where it comes from, `trust` it\. .* which has .*{operation}"):
        trusted.check(saved(tmp_path / "1", ACTING[operation]))


def test_a_file_read_deep_inside_a_branch(tmp_path):
    with pytest.raises(InputError, match=r"which has ReadFile\."):
        trusted.check(saved(tmp_path / "1", inside))


def test_what_is_trusted_runs(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("3")
    folder = exported(saved(tmp_path / "1", lambda x: x + tf.strings.to_number(tf.io.read_file(str(secret)))))
    with pytest.raises(InputError, match="which has ReadFile"):
        Exported(folder)
    assert Exported(folder, trust=True).ask("pixels", [1.0])["y"].tolist() == [8.0]
    plain = exported(saved(tmp_path / "2", tf.sqrt))
    assert Exported(plain).ask("pixels", [4.0])["y"].tolist() == [4.0]


def changed(folder, change):
    model = saved_model_pb2.SavedModel()
    model.ParseFromString((folder / "saved_model.pb").read_bytes())
    change(model.meta_graphs[0])
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())
    return folder


def without_objects(graph):
    """Signatures may ask any node then."""
    graph.ClearField("object_graph_def")


def called(graph):
    """The function that saves weights, called by one that answers."""
    (save,) = [f.signature.name for f in graph.graph_def.library.function if "traced_save" in f.signature.name]
    (answer,) = [f for f in graph.graph_def.library.function if "signature_wrapper" in f.signature.name]
    for node in answer.node_def:
        if "f" in node.attr:
            node.attr["f"].func.name = save


def more_saved(graph):
    """A further operation in the function that saves weights."""
    (save,) = [f for f in graph.graph_def.library.function if "traced_save" in f.signature.name]
    save.node_def.add(name="more", op="WriteFile")


def reached(graph):
    """The function that saves weights among those that objects call."""
    (save,) = [f.signature.name for f in graph.graph_def.library.function if "traced_save" in f.signature.name]
    graph.object_graph_def.concrete_functions[save].canonicalized_input_signature.SetInParent()


@pytest.mark.parametrize(
    ("change", "found"),
    [(without_objects, "SaveV2"), (called, "a call of what saves"), (more_saved, "WriteFile"), (reached, "SaveV2")],
)
def test_what_saves_weights_serves_nothing_else(tmp_path, change, found):
    folder = saved(tmp_path / "1", tf.sqrt)
    trusted.check(folder)
    with pytest.raises(InputError, match=f"which has .*{found}"):
        trusted.check(changed(folder, change))


@pytest.mark.parametrize("name", ["saved_model.cpb", "saved_model.pbtxt"])
def test_another_file_in_its_place(tmp_path, name):
    folder = saved(tmp_path / "1", tf.sqrt)
    (folder / name).write_text("")
    with pytest.raises(InputError, match=f"is damaged .{name} isn't what tfnotes exports"):
        trusted.check(folder)


@pytest.mark.parametrize("content", [None, b"\xff\xff"])
def test_no_saved_model(tmp_path, content):
    if content:
        (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(InputError, match=r"is damaged \(saved_model.pb: "):
        trusted.check(tmp_path)


@pytest.mark.parametrize(
    "operation",
    [
        *("InitializeTableFromTextFileV2", "TFRecordReaderV2", "ZipDataset", "ParallelMapDataset"),
        *("SaveSlices", "RestoreSlice", "CheckpointExists", "ShardedFilespec", "CreateSummaryFileWriter"),
        *("WriteScalarSummary", "WriteSummary", "SummaryWriter", "CloseSummariesWriter", "RecordInput"),
        *("LoadAndRemapMatrix", "GenerateVocabRemapping", "ImmutableConst", "FixedUnigramCandidateSampler"),
        *("DecodeProtoV2", "EncodeProto", "Print", "DebugIdentity", "Abort", "PyFuncStateless", "RemoteCall"),
        *("RpcCall", "Send", "Recv", "CollectiveReduce", "NcclAllReduce", "XlaCustomCall", "XlaCallModule"),
        "TRTEngineOp",
    ],
)
def test_operations_that_reach_beyond_the_model(tmp_path, operation):
    model = saved_model_pb2.SavedModel()
    model.meta_graphs.add().graph_def.node.add(name="plain", op="MatMul")
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    trusted.check(tmp_path)
    # Wherever it stands: in a further graph, or in a function.
    model.meta_graphs.add().graph_def.node.add(name="acts", op=operation)
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    with pytest.raises(InputError, match=rf"which has {operation}\.$"):
        trusted.check(tmp_path)


def test_what_a_model_computes_with_is_no_operation_that_acts(tmp_path):
    model = saved_model_pb2.SavedModel()
    harmless = ("Conv2D", "StatefulPartitionedCall", "LookupTableFindV2", "DecodeImage", "StaticRegexReplace", "While")
    nodes = model.meta_graphs.add().graph_def.library.function.add().node_def
    for name in (*harmless, "VarHandleOp", "ReadVariableOp", "AssignVariableOp", "StatelessRandomUniformV2", "Einsum"):
        nodes.add(name=name, op=name)
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    trusted.check(tmp_path)
    for k in range(60):
        nodes.add(name=f"n{k}", op=f"ReadFile{k % 30:02d}")
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    with pytest.raises(InputError) as caught:
        trusted.check(tmp_path)
    # Each once, in order, and no more than can be read.
    told = ", ".join(f"ReadFile{k:02d}" for k in range(30))[:200]
    assert str(caught.value).endswith(f"Received: {tmp_path}, which has {told}.")
