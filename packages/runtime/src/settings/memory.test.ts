import { memorySettings } from './memory.ts';
import { settingsContract } from './settings.contract.ts';

settingsContract('in memory', async () => memorySettings());
