export interface Area {
  /** CSS pixels. */
  width: number;
  height: number;
}

export interface Rect extends Area {
  left: number;
  top: number;
}

const PICTURE = 16 / 9;
/** The least part of a picture that is visible when it fills its tile. */
const VISIBLE = 0.82;
const WIDEST = PICTURE / VISIBLE;
const NARROWEST = PICTURE * VISIBLE;

const GAP = 8;
const SMALLEST: Area = { width: 150, height: 84 };
/** More pictures are too small to recognize anybody, and too many to decode. */
const MAX_TILES = 25;
/** Below this width, which phones have, many tiles stand in at least two columns. */
const PHONE_WIDTH = 600;
const MAX_IN_ONE_COLUMN = 4;

/** The largest tile in a cell of which the picture is visible enough. */
const fitTile = ({ width, height }: Area): Area => ({
  width: Math.floor(Math.min(width, height * WIDEST)),
  height: Math.floor(Math.min(height, width / NARROWEST)),
});

const cellOf = ({ width, height }: Area, columns: number, rows: number): Area => ({
  width: (width - GAP * (columns - 1)) / columns,
  height: (height - GAP * (rows - 1)) / rows,
});

/** How many tiles fit into an area and are still large enough, at least one. */
export function countFittingTiles({ width, height }: Area): number {
  const fit = (length: number, smallest: number) =>
    Math.max(1, Math.floor((length + GAP) / (smallest + GAP)));
  return Math.min(MAX_TILES, fit(width, SMALLEST.width) * fit(height, SMALLEST.height));
}

interface Grid {
  columns: number;
  rows: number;
  tile: Area;
}

/** The grid with the largest tiles. @param fewest columns at least */
function findGrid(count: number, area: Area, fewest: number): Grid {
  const grids = Array.from({ length: count }, (_, at) => at + 1)
    .filter((columns) => columns >= fewest || columns === count)
    .map((columns) => {
      const rows = Math.ceil(count / columns);
      return { columns, rows, tile: fitTile(cellOf(area, columns, rows)) };
    });
  const size = ({ tile }: Grid) => tile.width * tile.height;
  return grids.reduce((best, grid) => (size(grid) > size(best) ? grid : best));
}

const fewestColumns = (count: number, { width }: Area) =>
  width < PHONE_WIDTH && count > MAX_IN_ONE_COLUMN ? 2 : 1;

/**
 * The places of tiles of one size in an area; the grid and its last row are in the middle.
 * @param fewest columns at least; on a phone two for many tiles
 */
export function arrangeTiles(count: number, area: Area, fewest = fewestColumns(count, area)): Rect[] {
  if (count === 0) return [];
  const { columns, rows, tile } = findGrid(count, area, fewest);
  const [stepX, stepY] = [tile.width + GAP, tile.height + GAP];
  const top = (area.height - (rows * stepY - GAP)) / 2;
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (area.width - (inRow * stepX - GAP)) / 2;
    return { ...tile, left: left + (at % columns) * stepX, top: top + row * stepY };
  });
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Divides the stage when something is featured: a strip for the others at the long side's end. */
export function divideStage(stage: Area): { main: Area; strip: Rect } {
  const { width, height } = stage;
  if (width >= height) {
    const stripWidth = clamp(width * 0.22, SMALLEST.width, 280);
    const main = { width: width - stripWidth - GAP, height };
    return { main, strip: { left: main.width + GAP, top: 0, width: stripWidth, height } };
  }
  const stripHeight = clamp(height * 0.28, SMALLEST.height, 220);
  const main = { width, height: height - stripHeight - GAP };
  return { main, strip: { left: 0, top: main.height + GAP, width, height: stripHeight } };
}
