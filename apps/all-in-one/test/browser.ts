import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of this machine (CHROMIUM names another), or undefined: the tests bring none. */
export const chromiumHere = (): string | undefined =>
  [process.env['CHROMIUM'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))].find((file) => file !== '' && existsSync(file));

export const openBrowser = (executablePath: string): Promise<Browser> =>
  // As root (in a container) Chromium has no sandbox of its own; it opens only pages of this machine here.
  chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
