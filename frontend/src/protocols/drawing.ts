import type { Step } from "./contract";

/**
 * Where the boxes of a protocol stand and how the lines run: layers from what comes first to what comes last, the path
 * of silence in the first column, steps alongside in a column of their own. On a phone one column, in the file's order.
 */
export interface Box {
  id: string;
  lines: string[];
  meta: string;
  kind: Step["kind"];
  alongside: boolean;
  silent: boolean;
  x: number;
  y: number;
}

export interface Line {
  from: string;
  to: string;
  answers: string[];
  /** On the path of silence, from the first step to the last. */
  silent: boolean;
  kind: "on" | "back" | "starts";
  d: string;
}

export interface Drawing {
  boxes: Box[];
  lines: Line[];
  width: number;
  height: number;
}

export const BOX = { width: 232, height: 76 };
const GAP = { x: 44, y: 40 };
const EDGE = 56;
const LETTERS = 26;
const SWEEPS = 4;

interface Joint {
  from: string;
  to: string;
  answers: string[];
  silent: boolean;
}
interface Place {
  row: number;
  column: number;
}

export function draw(steps: readonly Step[], alone: readonly string[], columns: number): Drawing {
  const joints = jointsOf(steps, alone);
  const places = columns === 1 ? inOneColumn(steps) : inLayers(steps, alone, joints, columns);
  const boxes = steps.map((step) => boxOf(step, alone, places.get(step.id) ?? { row: 0, column: 0 }));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const lines = [...joints.map((joint) => lineOf(joint, byId)), ...startsOf(steps, byId)].filter(
    (line): line is Line => line !== undefined,
  );
  const far = (pick: (box: Box) => number): number => Math.max(0, ...boxes.map(pick));
  return {
    boxes,
    lines,
    width: far((box) => box.x) + BOX.width + EDGE,
    height: far((box) => box.y) + BOX.height + GAP.y / 2,
  };
}

function jointsOf(steps: readonly Step[], alone: readonly string[]): Joint[] {
  const known = new Set(steps.map((step) => step.id));
  const found = new Map<string, Joint>();
  for (const step of steps) {
    for (const answer of step.branches) {
      if (!known.has(answer.to) || answer.to === step.id) continue;
      const key = `${step.id} ${answer.to}`;
      const joint = found.get(key) ?? { from: step.id, to: answer.to, answers: [], silent: false };
      joint.answers.push(answer.answer);
      joint.silent ||=
        answer.silent && alone.indexOf(answer.to) === alone.indexOf(step.id) + 1 && alone.includes(step.id);
      found.set(key, joint);
    }
  }
  return [...found.values()];
}

function inOneColumn(steps: readonly Step[]): Map<string, Place> {
  return new Map(steps.map((step, row) => [step.id, { row, column: 0 }]));
}

function inLayers(
  steps: readonly Step[],
  alone: readonly string[],
  joints: readonly Joint[],
  columns: number,
): Map<string, Place> {
  const chain = steps.filter((step) => !step.alongside).map((step) => step.id);
  const layers = layered(chain, alone, joints);
  const places = new Map<string, Place>();
  let row = 0;
  for (const layer of ordered(layers, alone, joints)) {
    layer.forEach((id, place) => {
      places.set(id, { row: row + Math.floor(place / columns), column: place % columns });
    });
    row += Math.ceil(layer.length / columns);
  }
  const last = Math.max(0, ...[...places.values()].map((place) => place.column)) + 1;
  placeAlongside(steps, places, last);
  return places;
}

/** Silence goes straight down. Everything else stands one below the first step that leads to it. */
function layered(chain: readonly string[], alone: readonly string[], joints: readonly Joint[]): string[][] {
  const depth = new Map<string, number>(alone.map((id, at) => [id, at]));
  const waiting = chain.filter((id) => !depth.has(id));
  for (let round = 0; round < chain.length; round++) {
    const found = waiting
      .filter((id) => !depth.has(id))
      .flatMap((id) => {
        const from = joints.filter((joint) => joint.to === id).map((joint) => depth.get(joint.from));
        const nearest = Math.min(...from.filter((at) => at !== undefined));
        return Number.isFinite(nearest) ? [[id, nearest + 1] as const] : [];
      });
    if (!found.length) break;
    for (const [id, at] of found) depth.set(id, at);
  }
  const layers: string[][] = [];
  for (const id of chain) (layers[depth.get(id) ?? 0] ??= []).push(id);
  return layers.filter((layer) => layer.length > 0);
}

/** Silence first; the others near what leads to them. */
function ordered(layers: string[][], alone: readonly string[], joints: readonly Joint[]): string[][] {
  const silent = new Set(alone);
  const into = new Map<string, string[]>();
  for (const joint of joints) into.set(joint.to, [...(into.get(joint.to) ?? []), joint.from]);
  let sorted = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const place = new Map(sorted.flatMap((layer) => layer.map((id, at) => [id, at] as const)));
    const middle = (id: string): number => {
      const from = (into.get(id) ?? []).map((one) => place.get(one)).filter((at) => at !== undefined);
      return from.length ? from.reduce((sum, at) => sum + at, 0) / from.length : (place.get(id) ?? 0);
    };
    sorted = sorted.map((layer) =>
      [...layer].sort((a, b) => Number(silent.has(b)) - Number(silent.has(a)) || middle(a) - middle(b)),
    );
  }
  return sorted;
}

/** Beside the step that begins them, or below it where that place is taken. */
function placeAlongside(steps: readonly Step[], places: Map<string, Place>, column: number): void {
  const taken = new Set<number>();
  for (const step of steps) {
    if (!step.alongside) continue;
    const begins =
      steps.find((one) => one.starts.includes(step.id)) ??
      steps.find((one) => one.branches.some((answer) => answer.to === step.id && one.id !== step.id));
    let row = places.get(begins?.id ?? "")?.row ?? 0;
    while (taken.has(row)) row++;
    taken.add(row);
    places.set(step.id, { row, column });
  }
}

function boxOf(step: Step, alone: readonly string[], place: Place): Box {
  return {
    id: step.id,
    lines: inLines(step.title),
    meta: `${step.role}, ${step.limit.replace(/^within (.*) of being asked$/, "$1 once asked")}`,
    kind: step.kind,
    alongside: step.alongside,
    silent: alone.includes(step.id),
    x: EDGE + place.column * (BOX.width + GAP.x),
    y: GAP.y / 4 + place.row * (BOX.height + GAP.y),
  };
}

/** Two lines at most: the list holds the whole. */
export function inLines(title: string): string[] {
  const lines: string[] = [""];
  for (const word of title.split(" ")) {
    const last = lines[lines.length - 1] ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + word.length < LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= 2) return lines;
  return [lines[0] ?? "", `${(lines[1] ?? "").slice(0, LETTERS - 1)}…`];
}

function lineOf(joint: Joint, boxes: Map<string, Box>): Line | undefined {
  const from = boxes.get(joint.from);
  const to = boxes.get(joint.to);
  if (!from || !to) return undefined;
  const back = to.y <= from.y && !(to.y === from.y && to.x > from.x);
  return { ...joint, kind: back ? "back" : "on", d: back ? around(from, to, "left") : down(from, to) };
}

function startsOf(steps: readonly Step[], boxes: Map<string, Box>): Line[] {
  return steps.flatMap((step) =>
    step.starts.flatMap((key) => {
      const from = boxes.get(step.id);
      const to = boxes.get(key);
      if (!from || !to) return [];
      const d = to.x > from.x ? across(from, to) : down(from, to);
      return [{ from: step.id, to: key, answers: [], silent: false, kind: "starts" as const, d }];
    }),
  );
}

const middleX = (box: Box): number => box.x + BOX.width / 2;
const middleY = (box: Box): number => box.y + BOX.height / 2;

function down(from: Box, to: Box): string {
  const step = BOX.height + GAP.y;
  if (to.y - from.y > step && to.x === from.x) return around(from, to, "right");
  if (to.y === from.y) return across(from, to);
  const [y1, y2] = [from.y + BOX.height, to.y];
  const pull = Math.max((y2 - y1) / 2, GAP.y / 2);
  return `M ${middleX(from)} ${y1} C ${middleX(from)} ${y1 + pull}, ${middleX(to)} ${y2 - pull}, ${middleX(to)} ${y2}`;
}

function across(from: Box, to: Box): string {
  const [x1, x2] = [from.x + BOX.width, to.x];
  const pull = Math.max((x2 - x1) / 2, GAP.x / 2);
  return `M ${x1} ${middleY(from)} C ${x1 + pull} ${middleY(from)}, ${x2 - pull} ${middleY(to)}, ${x2} ${middleY(to)}`;
}

/** Past the boxes in between: wider the farther it goes, never past the edge. */
function around(from: Box, to: Box, side: "left" | "right"): string {
  const [x1, x2] = side === "left" ? [from.x, to.x] : [from.x + BOX.width, to.x + BOX.width];
  const wide = Math.min(EDGE - 6, 14 + Math.abs(to.y - from.y) / 24);
  const x = side === "left" ? Math.min(x1, x2) - wide : Math.max(x1, x2) + wide;
  return `M ${x1} ${middleY(from)} C ${x} ${middleY(from)}, ${x} ${middleY(to)}, ${x2} ${middleY(to)}`;
}
