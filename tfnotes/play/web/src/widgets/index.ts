// The widgets by name, in the order in which they stand on the page.
import type { Mount } from "../context";
import { mount as digit } from "./digit";

export const widgets: Readonly<Record<string, Mount>> = { digit };
