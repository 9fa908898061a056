// Walk the latent plane: what the decoder draws at each place.
import type { Model, Mount } from "../context";
import { bytes } from "../plot";
import { several } from "../several";
import { choice, h, heat, latest, live, paint, say, slider } from "../ui";

interface Data {
  readonly reach: number;
  readonly examples?: { readonly pixels: string; readonly codes: readonly (readonly [number, number])[] };
}

const [SIDE, GRID, SIZE] = [28, 15, 15 * 28];

export const mount: Mount = async (element, context) => {
  const { words, state } = context;
  const said = words.latent;
  let read = () => {};
  element.append(h("p", {}, said.about), await several(context, show));
  state.listen(() => read());

  async function show(model: Model, slot: HTMLElement): Promise<void> {
    const { reach, examples } = await model.data<Data>();
    const code: [number, number] = [0, 0];
    const drawn = heat([], SIDE, SIDE, { alt: "", pixel: 8 });
    const where = live();
    const cross = h("span", { class: "tf-pen", "aria-hidden": "true" });
    const plane = h("canvas", { class: "tf-heat tf-plane", width: SIZE, height: SIZE, tabindex: 0, role: "application", "aria-label": said.plane });
    const axis = (k: 0 | 1) =>
      slider({ label: `z${"₁₂"[k]}`, min: -reach, max: reach, step: 0.05, value: 0, show: (value) => value.toFixed(2) }, (value) => {
        move(k === 0 ? [value, code[1]] : [code[0], value]);
      });
    const axes = [axis(0), axis(1)] as const;
    const kinds = [["decoder", said.decoder], ["examples", said.examples]] as const;
    const kind = choice(said.shown, kinds, "decoder", (value) => {
      state.set("shown", value);
      void fill();
    });

    const decode = async (codes: Float32Array) => {
      const answer = await model.ask("decode", { codes: { data: codes, shape: [codes.length / 2, 2] } });
      return answer["images"]!.data;
    };
    const draw = latest(async () => {
      const [x, y] = code;
      const image = await decode(Float32Array.from(code));
      paint(drawn, image, { scale: 1 });
      drawn.setAttribute("aria-label", say(said.drawn, { x: x.toFixed(2), y: y.toFixed(2) }));
      where.textContent = `z = (${x.toFixed(2)}, ${y.toFixed(2)})`;
      where.dataset["code"] = JSON.stringify(code);
      where.dataset["image"] = JSON.stringify(Array.from(image));
    });

    function move(to: readonly [number, number]): void {
      for (const k of [0, 1] as const) {
        code[k] = Math.round(100 * Math.min(reach, Math.max(-reach, to[k]))) / 100;
        axes[k].put(code[k]);
        state.set("xy"[k]!, String(code[k]));
      }
      cross.style.left = `${50 * (1 + code[0] / reach)}%`;
      cross.style.top = `${50 * (1 - code[1] / reach)}%`;
      void draw();
    }

    async function fill(): Promise<void> {
      const picture = new Float32Array(SIZE * SIZE);
      const put = (image: ArrayLike<number>, left: number, top: number, scale: number) => {
        for (let row = 0; row < SIDE; row++) {
          for (let column = 0; column < SIDE; column++) {
            const at = (top + row) * SIZE + left + column;
            picture[at] = Math.max(picture[at]!, image[row * SIDE + column]! / scale);
          }
        }
      };
      if (kind.input.value === "examples" && examples) {
        const pixels = bytes(examples.pixels);
        examples.codes.forEach(([x, y], k) => {
          const place = (value: number) => Math.round(((value / reach + 1) / 2) * (SIZE - SIDE));
          // Some lie beyond the picture's edge.
          if (Math.max(Math.abs(x), Math.abs(y)) > reach) return;
          put(pixels.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE), place(x), place(-y), 255);
        });
      } else {
        // Each small picture is of the code at its middle.
        const middle = (k: number) => reach * ((2 * k + 1) / GRID - 1);
        const codes = Array.from({ length: GRID * GRID }, (_, k) => [middle(k % GRID), -middle(Math.floor(k / GRID))]).flat();
        const images = await decode(Float32Array.from(codes));
        for (let k = 0; k < GRID * GRID; k++) {
          const image = images.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE);
          put(image, (k % GRID) * SIDE, Math.floor(k / GRID) * SIDE, 1);
        }
      }
      paint(plane, picture, { scale: 1 });
    }

    const pointed = (event: PointerEvent) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const box = plane.getBoundingClientRect();
      const share = (at: number, from: number, size: number) => (2 * (at - from)) / size - 1;
      move([reach * share(event.clientX, box.left, box.width), -reach * share(event.clientY, box.top, box.height)]);
    };
    plane.addEventListener("pointerdown", (event) => {
      plane.setPointerCapture(event.pointerId);
      pointed(event);
    });
    plane.addEventListener("pointermove", pointed);
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    plane.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const size = (event.shiftKey ? 0.1 : 0.02) * reach;
      move([code[0] + size * step[0], code[1] + size * step[1]]);
    });

    slot.append(
      h(
        "div",
        { class: "tf-row" },
        h("div", { class: "tf-plane-frame" }, plane, cross),
        h("div", { class: "tf-grow" }, drawn, where, ...axes.map((one) => one.element), ...(examples ? [kind.element] : [])),
      ),
      h("p", { class: "tf-muted" }, said.hint),
    );
    read = () => {
      kind.input.value = state.get("shown") === "examples" ? "examples" : "decoder";
      void fill();
      const asked = (key: string) => {
        const value = Number(state.get(key) ?? 0);
        return Number.isFinite(value) ? value : 0;
      };
      move([asked("x"), asked("y")]);
    };
    read();
    await draw();
  }
};
