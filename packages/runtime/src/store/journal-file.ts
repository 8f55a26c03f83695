import { type FileHandle, open } from 'node:fs/promises';

/** A file to which lines are appended; each append is durable, or has left nothing behind. */
export class JournalFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  private length: number;
  /** After a failure there may be part of a line behind `length`. */
  private torn = false;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.path = path;
    this.handle = handle;
    this.length = length;
  }

  /** Opens or makes the file; returns also what is in it. */
  static async open(path: string): Promise<{ file: JournalFile; text: string }> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'a+');
      const found = await handle.readFile();
      return { file: new JournalFile(path, handle, found.length), text: found.toString() };
    } catch (error) {
      await handle?.close();
      throw new Error(`the journal ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
    }
  }

  async append(text: string): Promise<void> {
    await this.explained(async () => {
      if (this.torn) await this.cut(this.length);
      this.torn = true;
      await this.handle.appendFile(text);
      await this.handle.datasync();
      this.length += Buffer.byteLength(text);
      this.torn = false;
    });
  }

  async empty(): Promise<void> {
    if (this.length === 0 && !this.torn) return;
    await this.explained(() => this.cut(0));
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async cut(length: number): Promise<void> {
    await this.handle.truncate(length);
    // What the other file says is newer: this one must not come back after a loss of power.
    await this.handle.datasync();
    this.length = length;
    this.torn = false;
  }

  private async explained(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw new Error(`the journal ${this.path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}
