import { InputError } from './input-error.ts';

/** Raises `InvalidParameter` unless a parameter is a finite number above 0. */
export function requirePositive(method: string, name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new InputError('InvalidParameter', `${method}: ${name} is ${value}; it must be a number above 0`);
}
