import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest each file took so far: one that was broken off, or ran in part, is none the quicker for it. */
const longest = new Map<string, number>();

/**
 * What failed last first, since mutants come in the order of the code and neighbours are noticed by the same tests;
 * then quick files first. The first test that fails ends the run of a mutant.
 */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ranked = files.map((file) => {
      const key = `${file.project.name}:${relative(this.ctx.config.root, file.moduleId)}`;
      const last = this.ctx.cache.getFileTestResults(key);
      const tookMs = Math.max(last?.duration ?? 0, longest.get(key) ?? 0);
      longest.set(key, tookMs);
      return { file, rank: last?.failed ? 0 : 1, tookMs };
    });
    return ranked.sort((a, b) => a.rank - b.rank || a.tookMs - b.tookMs).map(({ file }) => file);
  }
}
