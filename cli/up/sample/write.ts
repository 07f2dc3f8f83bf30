import { writeFileSync } from 'node:fs';
import { bookshopCsv } from './generator.ts';

// Writes the shipped file anew: npx tsx cli/up/sample/write.ts
writeFileSync(new URL('bookshop.csv', import.meta.url), bookshopCsv());
