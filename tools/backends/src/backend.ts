/** A real server that tests run against, and may harm. */
export interface Backend {
  /** What clients connect to. */
  readonly url: string;
  /** How it came to run: a URL of the environment, a container, a local binary. */
  readonly how: 'environment' | 'container' | 'binary';
  /** The server's version, for the names of tests. */
  readonly version?: string;
  /** SIGKILL; the data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same data and the same address. */
  restart(): Promise<void>;
  /** SIGSTOP: once this resolves, connections stay open and nothing answers, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Says in one line why a kind of tests does not run; with CI=true that is a failure. */
export function notAvailable(what: string, why: string): undefined {
  if (process.env.CI === 'true') throw new Error(`${what} is needed for the tests and cannot be had: ${why}`);
  console.log(`The tests on ${what} did not run: ${why}.`);
  return undefined;
}
