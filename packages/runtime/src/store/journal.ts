import { entriesOf, type JournalEntry, lineOf } from './journal-entry.ts';
import { JournalFile } from './journal-file.ts';
import type { Change } from './store.ts';
import { WriteQueue } from './write-queue.ts';

/** What was recorded up to the entry of a number. */
export interface Taken {
  readonly changes: readonly Change[];
  readonly upTo: number;
}

type Task = { readonly record: readonly Change[] } | { readonly turn: (taken: Taken) => void };

/** Changes that one append takes at most. */
const changesPerAppend = 10_000;

/**
 * Changes that are durable here until they are in the tables. Two files take turns: while what one holds is moved to the
 * tables, the other records.
 */
export class Journal {
  private readonly files: readonly [JournalFile, JournalFile];
  private readonly queue = new WriteQueue<Task>((tasks) => this.perform(tasks), changesPerAppend);
  private recording: 0 | 1 = 0;
  private changes: Change[] = [];
  private number = 0;
  /** The number of the newest durable entry. */
  recorded = 0;

  private constructor(files: readonly [JournalFile, JournalFile]) {
    this.files = files;
  }

  /** Opens the journal at a path; returns also what was left in it, which stays there until `forgetAll`. */
  static async open(path: string): Promise<{ journal: Journal; left: readonly Change[] }> {
    const files: JournalFile[] = [];
    try {
      const found: { file: JournalFile; entries: JournalEntry[] }[] = [];
      for (const name of [`${path}-a`, `${path}-b`]) {
        const { file, text } = await JournalFile.open(name);
        files.push(file);
        found.push({ file, entries: entriesAt(name, text) });
      }
      found.sort((one, other) => (one.entries[0]?.number ?? 0) - (other.entries[0]?.number ?? 0));
      const [older, newer] = found.map(({ file }) => file) as [JournalFile, JournalFile];
      const left = found.flatMap(({ entries }) => entries.flatMap(({ changes }) => changes));
      return { journal: new Journal([older, newer]), left };
    } catch (error) {
      for (const file of files) await file.close();
      throw error;
    }
  }

  /** Resolves when the changes are durable. Calls of a moment share one append. */
  async record(changes: readonly Change[]): Promise<void> {
    await this.queue.add({ record: changes }, changes.length);
  }

  /** Takes what was recorded since it was taken before; `forget` must have followed that. */
  async take(): Promise<Taken> {
    return new Promise((turn, reject) => {
      // As large as a whole append: it shares none with anything.
      this.queue.add({ turn }, changesPerAppend).catch(reject);
    });
  }

  /** Gives up the file of what was taken: it is in the tables. */
  async forget(): Promise<void> {
    await this.files[this.recording === 0 ? 1 : 0].empty();
  }

  /** Gives up what was left by an earlier process: it is in the tables. The older file first: a kill may come between. */
  async forgetAll(): Promise<void> {
    for (const file of this.files) await file.empty();
  }

  /** Resolves when nothing is being recorded. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  async close(): Promise<void> {
    await this.queue.idle();
    for (const file of this.files) await file.close();
  }

  private async perform(tasks: readonly Task[]): Promise<void> {
    const changes: Change[] = [];
    for (const task of tasks) {
      if ('turn' in task) {
        const taken = { changes: this.changes, upTo: this.recorded };
        this.changes = [];
        this.recording = this.recording === 0 ? 1 : 0;
        return task.turn(taken);
      }
      changes.push(...task.record);
    }
    // One line: what of it is torn is torn as a whole.
    this.number += 1;
    try {
      await this.files[this.recording].append(lineOf({ number: this.number, changes }));
      this.changes.push(...changes);
    } finally {
      // A refused one too: what it may have left in the file is emptied with the next move.
      this.recorded = this.number;
    }
  }
}

function entriesAt(path: string, text: string): JournalEntry[] {
  try {
    return entriesOf(text);
  } catch (error) {
    throw new Error(
      `the journal ${path} is damaged: ${(error as Error).message}; move it away to start without what it holds, the newest alerts and deliveries`,
    );
  }
}
