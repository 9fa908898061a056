// Where an answer hangs: what its log-odds lose when each place of the picture is covered.
import type { Values } from "./context";

const SIDE = 4;
const STEP = 2;
const PLACES = (28 - SIDE) / STEP + 1;

/** The picture once for each place, with a square of paper on it. */
export function covered(pixels: Uint8Array): Values {
  const data = new Uint8Array(PLACES * PLACES * 784);
  for (let place = 0; place < PLACES * PLACES; place++) {
    data.set(pixels, 784 * place);
    const [top, left] = [STEP * Math.floor(place / PLACES), STEP * (place % PLACES)];
    for (let row = top; row < top + SIDE; row++) data.fill(0, 784 * place + 28 * row + left, 784 * place + 28 * row + left + SIDE);
  }
  return { data, shape: [PLACES * PLACES, 28, 28] };
}

export function logOdds(share: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, share));
  return Math.log(p / (1 - p));
}

/** For each pixel the mean loss of the squares over it. */
export function losses(whole: number, answers: ArrayLike<number>, labels: number, label: number): Float32Array {
  const [sums, counts] = [new Float32Array(784), new Float32Array(784)];
  for (let place = 0; place < PLACES * PLACES; place++) {
    const lost = logOdds(whole) - logOdds(answers[place * labels + label]!);
    const [top, left] = [STEP * Math.floor(place / PLACES), STEP * (place % PLACES)];
    for (let row = top; row < top + SIDE; row++) {
      for (let column = left; column < left + SIDE; column++) {
        sums[28 * row + column]! += lost;
        counts[28 * row + column]! += 1;
      }
    }
  }
  return sums.map((sum, k) => sum / counts[k]!);
}
