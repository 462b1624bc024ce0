/** In pixels; all even, because colours have half the resolution. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const even = (value: number): number => Math.floor(value / 2) * 2;

const toBox = (x: number, y: number, width: number, height: number): Box => ({
  x: even(x),
  y: even(y),
  width: Math.max(2, even(width)),
  height: Math.max(2, even(height)),
});

/** Equal boxes, as many in a row as make them largest for pictures of 16:9. */
function gridBoxes(count: number, width: number, height: number): Box[] {
  let columns = 1;
  let best = 0;
  for (let tried = 1; tried <= count; tried++) {
    const rows = Math.ceil(count / tried);
    const size = Math.min(width / tried, ((height / rows) * 16) / 9);
    if (size > best) [best, columns] = [size, tried];
  }
  const rows = Math.ceil(count / columns);
  const [boxWidth, boxHeight] = [width / columns, height / rows];
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const indent = ((columns - inRow) * boxWidth) / 2; // the last row is centred
    return toBox(indent + (index % columns) * boxWidth, row * boxHeight, boxWidth, boxHeight);
  });
}

/** The first one large, the others in a column beside it. */
function speakerBoxes(count: number, width: number, height: number): Box[] {
  if (count < 2) return gridBoxes(count, width, height);
  const strip = width / 5;
  const boxHeight = Math.min(height / (count - 1), (strip * 9) / 16);
  const others = Array.from({ length: count - 1 }, (_, index) =>
    toBox(width - strip, index * boxHeight, strip, boxHeight),
  );
  return [toBox(0, 0, width - strip, height), ...others];
}

/** Where each of the pictures is; with `speaker` the first one is the largest. */
export function boxesOf(layout: string, count: number, width: number, height: number): Box[] {
  return layout.startsWith('speaker') ? speakerBoxes(count, width, height) : gridBoxes(count, width, height);
}

/** The largest box inside another with the proportions of a picture. */
export function fitInto(box: Box, width: number, height: number): Box {
  const scale = Math.min(box.width / width, box.height / height);
  const [fitWidth, fitHeight] = [width * scale, height * scale];
  return toBox(box.x + (box.width - fitWidth) / 2, box.y + (box.height - fitHeight) / 2, fitWidth, fitHeight);
}
