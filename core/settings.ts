/** Settings of the library: read with defaults, changed one by one. */
import { Settings, type SettingsChange } from '../contract/settings.ts';
import { readSettings, saveSetting } from '../db/settings.ts';
import type { Studio } from './studio.ts';

/** All settings; what was never set has its default. */
export function getSettings(studio: Studio): Settings {
  const stored = readSettings(studio.db);
  return Settings.parse(
    Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, JSON.parse(value)])),
  );
}

/** What is refused as too large to look at. */
export function limitsOf(studio: Studio): Pick<Settings, 'maxPixels' | 'maxBytes'> {
  const { maxPixels, maxBytes } = getSettings(studio);
  return { maxPixels, maxBytes };
}

/** Changes the given settings and gives all. */
export function changeSettings(studio: Studio, change: SettingsChange): Settings {
  studio.db.transaction(() => {
    for (const [name, value] of Object.entries(change)) {
      if (value !== undefined) saveSetting(studio.db, name, JSON.stringify(value));
    }
  });
  studio.bus.changed('settings');
  return getSettings(studio);
}
