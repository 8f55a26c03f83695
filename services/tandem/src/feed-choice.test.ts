import { memorySettings, readTandemConfiguration } from '@tandem/runtime';
import { describe, expect, it } from 'vitest';
import { chooseFeed, feedChoiceKey } from './feed-choice.ts';

function configured(env: Record<string, string>) {
  const reading = readTandemConfiguration(env, []);
  if (reading.kind !== 'configuration') throw new Error('refused');
  return reading.configuration;
}

const unreachable = {
  TANDEM_BINANCE_USDM_REST: 'http://127.0.0.1:9',
  TANDEM_BINANCE_SPOT_REST: 'http://127.0.0.1:9',
};

describe('the choice of a feed', () => {
  it('is what the settings say, whatever was chosen before', async () => {
    const settings = memorySettings();
    await settings.put(feedChoiceKey.bucket, feedChoiceKey.key, { venue: 'mars' });
    expect(await chooseFeed(settings, configured({ TANDEM_FEED: 'sim' }))).toMatchObject({ venue: 'sim' });
  });

  it('is the simulated exchange, with the reasons, where no exchange answers, and is kept', async () => {
    const settings = memorySettings();
    const choice = await chooseFeed(settings, configured(unreachable));
    expect(choice.venue).toBe('sim');
    expect(choice.reason).toMatch(/binance-usdm: .*binance-spot: /);
    expect((await settings.get(feedChoiceKey.bucket, feedChoiceKey.key))?.value).toEqual(choice);
  });

  it('is not made anew over one that cannot be read', async () => {
    const settings = memorySettings();
    await settings.put(feedChoiceKey.bucket, feedChoiceKey.key, { venue: 'mars', reason: '' });
    await expect(chooseFeed(settings, configured(unreachable))).rejects.toThrow('choices/feed names no feed');
    expect((await settings.get(feedChoiceKey.bucket, feedChoiceKey.key))?.value).toMatchObject({
      venue: 'mars',
    });
  });
});
