import { relative } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Prints what no test noticed as soon as it is known: the whole takes most of an hour, and may be broken off. */
class AsItComes {
  onMutantTested({ status, fileName, location, mutatorName, replacement }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { line, column } = location.start;
    const where = `${relative(process.cwd(), fileName)}:${line + 1}:${column + 1}`;
    console.log(`${status} ${where} ${mutatorName}: ${(replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 120)}`);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'as-it-comes', AsItComes)];
