import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['PARLEY_PICTURES'];

/** How many pixels of two pictures of one size differ. With PARLEY_PICTURES both are kept in that folder. */
export async function differingPixels(page: Page, one: Buffer, other: Buffer, name: string): Promise<number> {
  const keep = (which: string, picture: Buffer) =>
    folder === undefined || writeFileSync(join(folder, `${name.replaceAll(/\W+/g, '-')}${which}.png`), picture);
  keep('', other);
  keep('-expected', one);
  if (one.equals(other)) return 0;
  return await page.evaluate(
    async (pictures) => {
      const [left, right] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0);
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
          context?.drawImage(image, 0, 0);
          return new Uint32Array(context?.getImageData(0, 0, image.width, image.height).data.buffer ?? []);
        }),
      );
      if (left === undefined || right === undefined || left.length !== right.length) return Number.POSITIVE_INFINITY;
      return left.reduce((count, pixel, at) => count + Number(pixel !== right[at]), 0);
    },
    [one.toString('base64'), other.toString('base64')],
  );
}
