export type Cell = string | number | boolean | null;

/** A table to be written to a file: columns, and rows with a cell for each. */
export interface Table {
  title: string;
  /** A line beneath the title, such as the time that the table is about. */
  subtitle: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}
