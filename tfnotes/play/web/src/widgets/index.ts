// The widgets by name, in the order in which they stand on the page.
import type { Mount } from "../context";
import { mount as depth } from "./depth";
import { mount as digit } from "./digit";
import { mount as ravine } from "./ravine";
import { mount as review } from "./review";

export const widgets: Readonly<Record<string, Mount>> = { digit, review, ravine, depth };
