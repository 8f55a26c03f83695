/** What became of one instrument's prints. */
export interface InstrumentSummary {
  /** Prints offered, repeated ones included. */
  frames: number;
  /** Prints accounted for, each id once. */
  prints: number;
  ticks: number;
  filtered: number;
  duplicates: number;
  gaps: number;
}

/** What a replay read and what it made of it. */
export interface ReplaySummary {
  /** By `venue:symbol`. */
  instruments: Record<string, InstrumentSummary>;
  /** Frames whose kind no reader knows, frames that are broken, and lines that are neither. */
  unknown: number;
  malformed: number;
  refused: number;
  /** The first few of those, each a sentence with file and line. */
  complaints: string[];
  /** Files that end in the middle of their gzip data. */
  truncated: string[];
  /** What the reader must know to understand the numbers: units, assumed names. */
  notices: string[];
}

const mostComplaints = 10;

/** An account with nothing in it yet. */
export function emptySummary(): ReplaySummary {
  return {
    instruments: {},
    unknown: 0,
    malformed: 0,
    refused: 0,
    complaints: [],
    truncated: [],
    notices: [],
  };
}

/** Counts what could not be used; the first few are kept in words. */
export function complain(
  summary: ReplaySummary,
  kind: 'unknown' | 'malformed' | 'refused',
  where: string,
  what: string,
): void {
  summary[kind]++;
  if (summary.complaints.length < mostComplaints) summary.complaints.push(`${where}: ${what}`);
}
