// From a drawing to 28 x 28 pixels as MNIST has them: the same as tfnotes/serving/preparations/digits.py, step for step,
// to which shared cases hold it.

const CONTRAST = 16;
const NOISE = 0.3;
const FRAME = 0.1;

export interface Prepared {
  /** 28 x 28, 0 for paper and 255 for ink. */
  readonly pixels: Uint8Array;
  readonly kind: "centred" | "blank" | "as it is";
  /** Of what is centred: the ink's box in the drawing, its size in the 28 x 28, where it begins, and its centre there. */
  readonly box?: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
  readonly size?: readonly [height: number, width: number];
  readonly offset?: readonly [top: number, left: number];
  readonly centre?: readonly [row: number, column: number];
}

interface Image {
  readonly data: Float64Array;
  readonly height: number;
  readonly width: number;
}

/** Prepares gray levels of at most 256 pixels a side. */
export function digit(gray: ArrayLike<number>, height: number, width: number): Prepared {
  const levels = Float64Array.from(gray);
  const paper = paperOf(levels, height, width);
  let ink = levels.map((value, k) => value - paper[k]!);
  let calm = neighbours({ data: ink, height, width });
  const [low, high] = [min(calm), max(calm)];
  const light = high > -low;
  if (!light) {
    ink = ink.map((value) => -value);
    calm = calm.map((value) => -value);
  }
  if (light && height === 28 && width === 28 && max(ink) > 0.5) return { pixels: bytes(levels), kind: "as it is" };
  if (max(calm) < CONTRAST) return { pixels: new Uint8Array(784), kind: "blank" };
  return centred({ data: coverage(ink, calm), height, width });
}

const min = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b));
const max = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));

/** Halves go to the even neighbour, as NumPy rounds. */
function round(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 ? below + 1 : below;
  return rest < 0.5 ? below : below + 1;
}

/** Without the noise in a number's last digit: a half is one, whatever order its sum was taken in. */
const calmed = (value: number) => round(value * 1024) / 1024;

const bytes = (values: Float64Array) =>
  Uint8Array.from(values, (value) => Math.min(255, Math.max(0, round(calmed(value)))));

function line(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => k * (2 / Math.max(n - 1, 1)) - 1);
}

function median(values: Float64Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)]!;
}

/** The quadratic surface through the frame along the border: least squares, reweighted by residuals. */
function paperOf(gray: Float64Array, height: number, width: number): Float64Array {
  const [ys, xs] = [line(height), line(width)];
  const terms = (k: number) => {
    const [y, x] = [ys[Math.floor(k / width)]!, xs[k % width]!];
    return [1, x, y, x * x, x * y, y * y];
  };
  // A pixel just on the edge isn't in the frame, whatever noise is in the last digit.
  const rim = 1 - FRAME + 1e-9;
  const frame = [...gray.keys()].filter(
    (k) => Math.max(Math.abs(xs[k % width]!), Math.abs(ys[Math.floor(k / width)]!)) > rim,
  );
  const a = frame.map(terms);
  const b = Float64Array.from(frame, (k) => gray[k]!);
  const middle = median(b);
  let residual = b.map((value) => value - middle);
  let coefficients = [0, 0, 0, 0, 0, 0];
  for (let turn = 0; turn < 8; turn++) {
    const spread = 3 * median(residual.map(Math.abs)) + 2;
    const normal = Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => (i === j ? 1e-3 : 0)));
    const right = [0, 0, 0, 0, 0, 0];
    a.forEach((row, k) => {
      const weight = 1 / (1 + (residual[k]! / spread) ** 2) ** 2;
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 6; j++) normal[i]![j]! += weight * row[i]! * row[j]!;
        right[i]! += weight * row[i]! * b[k]!;
      }
    });
    coefficients = solve(normal, right);
    residual = b.map((value, k) => value - dot(a[k]!, coefficients));
  }
  return Float64Array.from(gray, (_, k) => dot(terms(k), coefficients));
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** Gauss's elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, k) => [...row, right[k]!]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const found = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const known = found.reduce((sum, value, j) => (j > k ? sum + value * rows[k]![j]! : sum), 0);
    found[k] = (rows[k]![n]! - known) / rows[k]![k]!;
  }
  return found;
}

/** The mean of the 3 x 3 pixels around each, those outside of the image left out. */
function neighbours({ data, height, width }: Image): Float64Array {
  return data.map((_, k) => {
    const [row, column] = [Math.floor(k / width), k % width];
    let [sum, count] = [0, 0];
    for (let i = row - 1; i <= row + 1; i++) {
      for (let j = column - 1; j <= column + 1; j++) {
        if (i < 0 || j < 0 || i >= height || j >= width) continue;
        sum += data[i * width + j]!;
        count++;
      }
    }
    return sum / count;
  });
}

/** How much of each pixel is ink, 0 to 1. */
function coverage(ink: Float64Array, calm: Float64Array): Float64Array {
  const half = max(calm) / 2;
  const strong = calm.filter((value) => value >= half);
  const stroke = strong.reduce((sum, value) => sum + value, 0) / strong.length;
  const low = NOISE * stroke;
  return ink.map((value, k) => (calm[k]! > low ? Math.min(1, Math.max(0, (value - low) / (stroke - low))) : 0));
}

/** Of each new pixel the weights of the old ones: a triangle around its centre. */
function weights(before: number, after: number): Float64Array[] {
  const scale = before / after;
  return Array.from({ length: after }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const row = Float64Array.from({ length: before }, (_, k) =>
      Math.max(0, 1 - Math.abs(k + 0.5 - centre) / Math.max(scale, 1)),
    );
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  });
}

function resized({ data, height, width }: Image, rows: number, columns: number): Image {
  const [down, across] = [weights(height, rows), weights(width, columns)];
  const half = Float64Array.from({ length: rows * width }, (_, k) => {
    const row = down[Math.floor(k / width)]!;
    return row.reduce((sum, weight, i) => sum + weight * data[i * width + (k % width)]!, 0);
  });
  const whole = Float64Array.from({ length: rows * columns }, (_, k) => {
    const start = Math.floor(k / columns) * width;
    return across[k % columns]!.reduce((sum, weight, j) => sum + weight * half[start + j]!, 0);
  });
  return { data: whole, height: rows, width: columns };
}

function centred({ data, width }: Image): Prepared {
  const marked = [...data.keys()].filter((k) => data[k]! > 0);
  const rows = marked.map((k) => Math.floor(k / width));
  const columns = marked.map((k) => k % width);
  const [top, left] = [rows[0]!, columns.reduce((a, b) => Math.min(a, b))];
  const box = { top, left, height: rows.at(-1)! - top + 1, width: columns.reduce((a, b) => Math.max(a, b)) - left + 1 };
  const cut = Float64Array.from({ length: box.height * box.width }, (_, k) => {
    return data[(top + Math.floor(k / box.width)) * width + left + (k % box.width)]!;
  });
  const longest = Math.max(box.height, box.width);
  const [newRows, newColumns] = [box.height, box.width].map((n) => Math.max(1, round((20 * n) / longest)));
  const small = resized({ data: cut, ...box }, newRows!, newColumns!);
  const profile = (of: number, index: (k: number) => number) => {
    const sums = new Float64Array(of);
    small.data.forEach((value, k) => (sums[index(k)]! += value));
    return sums;
  };
  const vertical = place(profile(small.height, (k) => Math.floor(k / small.width)));
  const horizontal = place(profile(small.width, (k) => k % small.width));
  const whole = new Float64Array(784);
  small.data.forEach((value, k) => {
    whole[(vertical.start + Math.floor(k / small.width)) * 28 + horizontal.start + (k % small.width)] = 255 * value;
  });
  return {
    pixels: bytes(whole),
    kind: "centred",
    box,
    size: [small.height, small.width],
    offset: [vertical.start, horizontal.start],
    centre: [vertical.start + vertical.centre, horizontal.start + horizontal.centre],
  };
}

/** Where a digit with this much ink in each row begins, for its centre of mass to lie on row 14. */
function place(profile: Float64Array): { start: number; centre: number } {
  const total = profile.reduce((sum, value) => sum + value, 0);
  const centre = profile.reduce((sum, value, k) => sum + value * k, 0) / total;
  return { start: Math.min(28 - profile.length, Math.max(0, round(calmed(14 - centre)))), centre };
}
