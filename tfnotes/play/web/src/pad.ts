// A sheet to draw on, with mouse, finger, pen, or the keys.
import { GRID } from "./strokes";
import { h } from "./ui";

/** A stroke's points in turn, x and y from 0 to 1. */
export type Stroke = readonly (readonly [x: number, y: number])[];

export interface PadOptions {
  /** What it is for and which keys it knows, read aloud. */
  readonly label: string;
  /** Points along each side. */
  readonly side?: number;
  /** The pen's radius, in sides. */
  readonly radius?: number;
  readonly strokes?: readonly Stroke[];
  /** A picture below the strokes, gray levels of side x side, 0 for paper. */
  readonly below?: ArrayLike<number>;
}

export interface Pad {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  strokes(): readonly Stroke[];
  put(strokes: readonly Stroke[]): void;
  undo(): void;
  /** The drawing's gray levels, side x side: 0 for paper, 255 for ink. */
  pixels(): Uint8Array;
}

const STEP = 6 / GRID;

const inside = (value: number) => Math.round(GRID * Math.min(1, Math.max(0, value))) / GRID;

/** A pad; `changed` is called after each stroke and while one is drawn. */
export function pad(options: PadOptions, changed: (done: boolean) => void): Pad {
  const { side = 112, radius = 0.035, below } = options;
  const canvas = h("canvas", {
    class: "tf-pad",
    width: side,
    height: side,
    tabindex: 0,
    role: "application",
    "aria-label": options.label,
  });
  const cursor = h("span", { class: "tf-pen", hidden: true, "aria-hidden": "true" });
  const hidden = document.createElement("canvas");
  hidden.width = hidden.height = side;
  const ink = hidden.getContext("2d", { willReadFrequently: true })!;
  let strokes: [number, number][][] = (options.strokes ?? []).map((stroke) => stroke.map(([x, y]) => [x, y]));
  let pen: [number, number] = [inside(0.5), inside(0.5)];
  let drawing = false;
  let down = false;

  function render(): void {
    ink.fillStyle = "#000";
    ink.fillRect(0, 0, side, side);
    if (below) {
      const picture = ink.createImageData(side, side);
      for (let k = 0; k < side * side; k++) picture.data.set([below[k]!, below[k]!, below[k]!, 255], 4 * k);
      ink.putImageData(picture, 0, 0);
    }
    ink.strokeStyle = ink.fillStyle = "#fff";
    ink.lineWidth = 2 * radius * side;
    ink.lineCap = ink.lineJoin = "round";
    for (const stroke of strokes) {
      const [first, ...rest] = stroke.map(([x, y]) => [x * side, y * side] as const);
      if (!first) continue;
      ink.beginPath();
      ink.moveTo(...first);
      // A dot is a line without length.
      for (const point of rest.length ? rest : [first]) ink.lineTo(...point);
      ink.stroke();
    }
    const shown = canvas.getContext("2d", { willReadFrequently: true })!;
    const levels = pixels();
    const picture = shown.createImageData(side, side);
    for (let k = 0; k < levels.length; k++) picture.data.set([0, 0, 0, levels[k]!], 4 * k);
    shown.putImageData(picture, 0, 0);
    [cursor.style.left, cursor.style.top] = pen.map((at) => `${100 * at}%`) as [string, string];
    cursor.classList.toggle("tf-down", down);
  }

  function pixels(): Uint8Array {
    const { data } = ink.getImageData(0, 0, side, side);
    return Uint8Array.from({ length: side * side }, (_, k) => data[4 * k]!);
  }

  function at(event: PointerEvent): [number, number] {
    const box = canvas.getBoundingClientRect();
    return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
  }

  function update(done: boolean): void {
    render();
    changed(done);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    down = false;
    cursor.hidden = true;
    strokes.push([at(event)]);
    update(false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const stroke = strokes.at(-1)!;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = at(one);
      const last = stroke.at(-1);
      if (x !== last?.[0] || y !== last[1]) stroke.push([x, y]);
    }
    update(false);
  });
  const lift = () => {
    if (!drawing) return;
    drawing = false;
    update(true);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  const moves: Record<string, readonly [number, number]> = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
  };
  canvas.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    let still = false;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (move) {
      const steps = event.shiftKey ? 4 : 1;
      pen = pen.map((value, k) => inside(value + steps * move[k]!)) as [number, number];
      if (down) strokes.at(-1)!.push([...pen]);
      else still = true;
    } else if (event.key === " ") {
      down = !down;
      if (down) strokes.push([[...pen]]);
    } else if (event.key === "Backspace") {
      down = false;
      strokes.pop();
    } else if (event.key === "Delete") {
      down = false;
      strokes = [];
    } else return;
    event.preventDefault();
    cursor.hidden = false;
    if (still) render();
    else update(!down);
  });
  canvas.addEventListener("focus", () => {
    cursor.hidden = !canvas.matches(":focus-visible");
  });
  canvas.addEventListener("blur", () => {
    down = false;
    cursor.hidden = true;
    render();
  });

  render();
  return {
    element: h("div", { class: "tf-sheet" }, canvas, cursor),
    canvas,
    strokes: () => strokes,
    put: (next) => {
      strokes = next.map((stroke) => stroke.map(([x, y]) => [x, y]));
      down = false;
      update(true);
    },
    undo: () => {
      strokes.pop();
      update(true);
    },
    pixels,
  };
}
