/** A refusal in Binance's words: `{"code":…,"msg":…}` under an HTTP status. */
export class RestError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
