import { RollingMoments, RollingOls } from '@tandem/stats';
import { requireAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numberOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { specifiedTolerance, statedTolerance } from '../tolerance.ts';

/** The sliding numbers after very many rows, which must not have drifted. */
export const checkSlidingStream: Check = (test, compare) => {
  requireKnown(test, { window: 'any', ddof: 'any' });
  const window = numberParameter(test, 'window');
  const ddof = numberParameter(test, 'ddof');
  const tolerance = statedTolerance(test, specifiedTolerance(test));
  const line = new RollingOls(window);
  const momentsX = new RollingMoments(window, 0, { ddof });
  const momentsY = new RollingMoments(window, 0, { ddof });
  if (!Array.isArray(test.expected)) throw new Error('no list of checkpoints is expected');
  const checkpoints = new Map(test.expected.map((at: unknown) => [member(at, 'after'), at]));
  const fields = ['after', 'x', 'y', 'mean_x', 'std_x', 'std_y', 'corr', 'beta', 'alpha', 'z_x'];
  let rows = 0;
  for (const { y, x } of stream(test)) {
    line.push(y, x);
    momentsX.push(x);
    momentsY.push(y);
    const expected = checkpoints.get(++rows);
    if (expected === undefined) continue;
    checkpoints.delete(rows);
    requireAnswers(expected, fields);
    const number = (field: string, found: number, scale = 0) =>
      compare.number(`${field} after ${rows}`, found, member(expected, field), tolerance, scale);
    number('x', x);
    number('y', y);
    number('mean_x', momentsX.mean);
    number('std_x', momentsX.deviation);
    number('std_y', momentsY.deviation);
    number('corr', line.correlation);
    number('beta', line.beta);
    number('alpha', line.alpha, line.alphaError);
    number('z_x', momentsX.z, 1);
  }
  compare.equal('checkpoints not reached', checkpoints.size, 0);
};

const generator =
  's=(1664525*s+1013904223) mod 2^32; u=(s>>>16)%201-100; per row: dx from the 1st draw, v from the 2nd draw; ' +
  'px+=dx; py+=dx+floor(v/4); x=px/100; y=py/100';

/** The rows of the stream that the case describes: a pair of prices in ticks of 1/100, from a congruential generator. */
function* stream(test: OracleCase): Generator<{ y: number; x: number }> {
  const input = (name: string) => numberOf(member(test.inputs, name));
  if (test.inputs.lcg !== generator) throw new Error('the stream of this case is unknown');
  let state = input('seed') >>> 0;
  let x = input('x0_ticks');
  let y = input('y0_ticks');
  const draw = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return ((state >>> 16) % 201) - 100;
  };
  for (let row = input('n'); row > 0; row--) {
    const step = draw();
    x += step;
    y += step + Math.floor(draw() / 4);
    yield { y: y / 100, x: x / 100 };
  }
}
