"""Training in stages: each layer alone, from the input up, then the whole network."""

import itertools

import keras
import tensorflow as tf
from keras import ops

from tfnotes.models._base import Model


class Staged(Model):
    """A model whose layers are trained one after the other before it is trained as a whole.

    Stage k < `depth` takes `pretrain` epochs and trains layer k on what the layers below make of the inputs;
    the last stage, from epoch `depth * pretrain` on, minimizes the mean of `objective`. The optimizer begins each
    stage without moments of the one before. `fit` says in which epoch it is, so a run that is resumed goes on in
    the right stage.

    Attributes:
        depth: how many layers are trained alone.
        pretrain: for how many epochs each, 0 for not at all.
    """

    depth: int
    pretrain: int

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.stage = self.add_weight((), "zeros", dtype="int32", name="stage", trainable=False)

    def objective(self, x, y, training):
        """What the last stage minimizes the mean of, "loss", and the other `figures`, each of shape `(batch,)`."""
        raise NotImplementedError

    def learn_layer(self, k, x):
        """Layer k's part of the batch: `(loss, gradients, variables)`."""
        raise NotImplementedError

    def unroll(self):
        """Called once, between the last layer's stage and that of the whole network."""

    def begin_epoch(self, epoch):
        """Puts the model into the stage of that epoch, counted from 0."""
        stage = min(epoch // self.pretrain, self.depth) if self.pretrain else self.depth
        if stage != int(self.stage) and self.optimizer.built:
            self._forget_moments()
        self.stage.assign(stage)
        if self.pretrain and epoch == self.depth * self.pretrain:
            self.unroll()

    def _forget_moments(self):
        """The optimizer begins anew, at the rate it has.

        A layer's own gradients are a hundred times those of the whole network, and Adam, which divides by their
        root mean square, would take small steps for thousands of them.
        """
        fresh = type(self.optimizer).from_config(self.optimizer.get_config())
        fresh.build(self.trainable_variables)
        for old, new in zip(self.optimizer.variables, fresh.variables, strict=True):
            old.assign(new)

    def fit(self, x=None, *args, callbacks=(), **kwargs):
        begin = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: self.begin_epoch(epoch))
        return super().fit(x, *args, callbacks=[begin, *(callbacks or [])], **kwargs)

    def train_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)

        def alone(k):
            def step():
                loss, gradients, variables = self.learn_layer(k, x)
                self.descend(gradients, variables)
                return loss

            return step

        def whole():
            with tf.GradientTape() as tape:
                loss = ops.mean(self.objective(x, y, training=True)["loss"])
            variables = self.trainable_variables
            known = [(g, v) for g, v in zip(tape.gradient(loss, variables), variables, strict=True) if g is not None]
            self.descend(*zip(*known, strict=True))
            return loss

        if not self.optimizer.built:
            # Not in a branch of the graph, which keeps what is made in it to itself.
            self.optimizer.build(self.trainable_variables)
        stages = [alone(k) for k in range(self.depth)] if self.pretrain else []
        index = self.stage if self.pretrain else 0
        loss = ops.switch(index, [*stages, whole]) if stages else whole()
        return {"loss": self.show(x, loss=loss)["loss"], "stage": self.stage}

    def test_step(self, data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.show(x, **self.objective(x, y, training=False))


def below(layers, k, x):
    """What the layers under layer k make of flat inputs."""
    return ops.stop_gradient(list(itertools.accumulate([x, *layers[:k]], lambda h, layer: layer(h)))[-1])
