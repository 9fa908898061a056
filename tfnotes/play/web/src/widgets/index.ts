// The widgets by name, in the order in which they stand on the page.
import type { Mount } from "../context";
import { mount as denoise } from "./denoise";
import { mount as depth } from "./depth";
import { mount as digit } from "./digit";
import { mount as gibbs } from "./gibbs";
import { mount as latent } from "./latent";
import { mount as ravine } from "./ravine";
import { mount as replay } from "./replay";
import { mount as review } from "./review";

export const widgets: Readonly<Record<string, Mount>> = { digit, review, latent, denoise, gibbs, replay, ravine, depth };
