interface Job<Item> {
  readonly item: Item;
  readonly size: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Puts items through `commit` one group after another: what arrives while one group is under way is the next,
 * up to `most` in size, so that groups grow with the load. Each call settles as its group does.
 */
export class WriteQueue<Item> {
  private readonly commit: (items: readonly Item[]) => Promise<void>;
  private readonly most: number;
  private readonly jobs: Job<Item>[] = [];
  private running: Promise<void> | undefined;

  constructor(commit: (items: readonly Item[]) => Promise<void>, most: number) {
    this.commit = commit;
    this.most = most;
  }

  add(item: Item, size: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.jobs.push({ item, size, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // A turn for the calls that are being made at this moment: they may as well share one commit.
    await Promise.resolve();
    while (this.jobs.length > 0) {
      const group = this.take();
      try {
        await this.commit(group.map((job) => job.item));
        for (const job of group) job.resolve();
      } catch (error) {
        for (const job of group) job.reject(error);
      }
    }
    this.running = undefined;
  }

  private take(): Job<Item>[] {
    let count = 0;
    let size = 0;
    for (const job of this.jobs) {
      if (count > 0 && size + job.size > this.most) break;
      count += 1;
      size += job.size;
    }
    return this.jobs.splice(0, count);
  }
}
