import type { Command } from 'commander';
import { policyApplyCommand } from './policy-apply.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policyShowCommand } from './policy-show.ts';

/** Adds `kept policy`; each of its commands is a file of its own. */
export function policyCommand(program: Command): void {
  const policy = program.command('policy').description('The rules of each kind of promise.');
  for (const add of [policyCheckCommand, policyDiffCommand, policyApplyCommand, policyShowCommand]) add(policy);
}
