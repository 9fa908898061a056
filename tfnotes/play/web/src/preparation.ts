// From a drawing to 28 x 28 pixels as MNIST has them: the same as tfnotes/serving/preparations/digits.py, step for step,
// to which shared cases hold it.

const CONTRAST = 16;
const NOISE = 0.3;
const FRAME = 0.1;
const SHADOW = 0.05;
const CELLS = 64;
const INNER = 0.4;
const LEFT = 0.2;
const PEN = 0.8;
const ROUGH = 3;

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
  let ink = inkOf({ data: levels, height, width });
  let calm = neighbours({ data: ink, height, width });
  const [low, high] = [min(calm), max(calm)];
  const light = high > -low;
  if (!light) {
    ink = ink.map((value) => -value);
    calm = calm.map((value) => -value);
  }
  if (light && height === 28 && width === 28 && max(ink) > 0.5) return { pixels: bytes(levels), kind: "as it is" };
  if (max(calm) < CONTRAST || rough(ink, calm)) return { pixels: new Uint8Array(784), kind: "blank" };
  return centred(alone({ data: coverage(ink, calm), height, width }));
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

const share = (mask: readonly boolean[]) => mask.filter(Boolean).length / mask.length;

/** Whether it is noise of single pixels. */
function rough(ink: Float64Array, calm: Float64Array): boolean {
  const middle = mean(calm);
  return mean(ink.map((value, k) => (value - calm[k]!) ** 2)) > ROUGH * mean(calm.map((value) => (value - middle) ** 2));
}

const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

/** How far each pixel is from the paper, on either side. */
function inkOf(gray: Image): Float64Array {
  const { paper, frame } = paperOf(gray);
  const ink = gray.data.map((value, k) => value - paper[k]!);
  const window = Math.max(gray.height, gray.width) > 160 ? 65 : 33;
  const off = share(frame.map((k) => Math.abs(ink[k]!) > CONTRAST));
  if (off <= SHADOW || Math.min(gray.height, gray.width) <= window) return ink;
  const lightest = closed(gray, window);
  const darkest = closed({ ...gray, data: gray.data.map((value) => -value) }, window).map((value) => -value);
  const wide = Array.from(paper, (value, k) => value - lightest[k]! > CONTRAST || darkest[k]! - value > CONTRAST);
  if (share(wide) <= SHADOW) return ink;
  return gray.data.map((value, k) => 255 * (value / Math.max(lightest[k]!, 1) - 1));
}

/** Without what is dark and narrower than a window. */
function closed(image: Image, window: number): Float64Array {
  const data = largest(image, window).map((value) => -value);
  return largest({ ...image, data }, window).map((value) => -value);
}

/** The largest value in a window around each pixel. */
function largest({ data, height, width }: Image, window: number): Float64Array {
  const half = (window - 1) / 2;
  const along = (values: Float64Array, step: number, length: number, index: (k: number) => number) =>
    values.map((_, k) => {
      const at = index(k);
      let most = -Infinity;
      for (let i = Math.max(-half, -at); i <= half && at + i < length; i++) most = Math.max(most, values[k + i * step]!);
      return most;
    });
  return along(along(data, width, height, (k) => Math.floor(k / width)), 1, width, (k) => k % width);
}

/** The quadratic surface through the frame along the border: least squares, reweighted by residuals. */
function paperOf({ data: gray, height, width }: Image): { paper: Float64Array; frame: number[] } {
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
  return { paper: Float64Array.from(gray, (_, k) => dot(terms(k), coefficients)), frame };
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

/** The mean of what is at least half as large as the largest. */
function strength(values: Float64Array): number {
  const half = max(values) / 2;
  const strong = values.filter((value) => value >= half);
  return strong.reduce((sum, value) => sum + value, 0) / strong.length;
}

/** Without what reaches the border, and without what encloses the rest, unless that is only a little. */
function alone(image: Image): Image {
  const { data, height, width } = image;
  const size = Math.ceil(Math.max(height, width) / CELLS);
  // With a rim of empty cells all around.
  const [rows, columns] = [Math.ceil(height / size) + 2, Math.ceil(width / size) + 2];
  const cell = (k: number) => (Math.floor(Math.floor(k / width) / size) + 1) * columns + Math.floor((k % width) / size) + 1;
  const ink = new Uint8Array(rows * columns);
  data.forEach((value, k) => {
    if (value > 0) ink[cell(k)] = 1;
  });
  const neighbours = (k: number, corners: boolean) => {
    const found: number[] = [];
    for (let i = -1; i <= 1; i++) {
      for (let j = -1; j <= 1; j++) {
        const [row, column] = [Math.floor(k / columns) + i, (k % columns) + j];
        if ((corners || !i || !j) && row >= 0 && column >= 0 && row < rows && column < columns) found.push(row * columns + column);
      }
    }
    return found;
  };
  const grown = (seeds: readonly number[], where: (k: number) => boolean, corners: boolean) => {
    const found = new Set(seeds);
    const left = [...seeds];
    for (let k = left.pop(); k !== undefined; k = left.pop()) {
      for (const near of neighbours(k, corners)) {
        if (where(near) && !found.has(near)) left.push(near), found.add(near);
      }
    }
    return found;
  };
  const inked = () => [...ink.keys()].filter((k) => ink[k]);
  const longest = (cells: readonly number[]) => {
    if (!cells.length) return 0;
    const sides = [cells.map((k) => Math.floor(k / columns)), cells.map((k) => k % columns)];
    return Math.max(...sides.map((side) => side.reduce((a, b) => Math.max(a, b)) - side.reduce((a, b) => Math.min(a, b)) + 1));
  };
  // Takes away what hangs together with seeds, if the rest is long enough.
  const take = (seeds: readonly number[], least: number) => {
    const taken = grown(seeds, (k) => ink[k] === 1, true);
    const all = inked();
    if (longest(all.filter((k) => !taken.has(k))) >= least * longest(all)) taken.forEach((k) => (ink[k] = 0));
  };
  const reaches = (k: number) =>
    [1, rows - 2].includes(Math.floor(k / columns)) || [1, columns - 2].includes(k % columns);
  take(inked().filter(reaches), LEFT);
  // What the outside touches.
  const outside = grown([0], (k) => !ink[k], false);
  take([...new Set([...outside].flatMap((k) => neighbours(k, false)).filter((k) => ink[k]))], INNER);
  return { ...image, data: data.map((value, k) => (ink[cell(k)] ? value : 0)) };
}

/** Strokes thinner than a pixel, as wide as those of other pens. */
function widened(digit: Image): Image {
  const { data, height, width } = digit;
  if (strength(data) >= PEN) return digit;
  const at = (row: number, column: number) =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : data[row * width + column]!;
  const both = data.map((_, k) => {
    const [row, column] = [Math.floor(k / width), k % width];
    const across = (j: number) => at(row - 1, j) + 2 * at(row, j) + at(row + 1, j);
    return across(column - 1) + 2 * across(column) + across(column + 1);
  });
  const typical = strength(both);
  return { ...digit, data: both.map((value) => Math.min(1, value / typical)) };
}

/** How much of each pixel is ink, 0 to 1. */
function coverage(ink: Float64Array, calm: Float64Array): Float64Array {
  const stroke = strength(calm);
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
  const small = widened(resized({ data: cut, ...box }, newRows!, newColumns!));
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
