import { parsePolicy } from '../../../domain/policy/fields.ts';
import type { Form } from '../../../domain/policy/forms.ts';

/** What a form reads, or what it says is wrong, each as `pointer message`. */
export function reading<T>(form: Form<T>, value: unknown): T | readonly string[] | undefined {
  const said: string[] = [];
  const read = form.read(value, (pointer, message) => void said.push(`${pointer} ${message}`));
  if (read !== undefined && said.length > 0) throw new Error(`Read in spite of ${said.join()}`);
  return said.length > 0 ? said : read;
}

/** The faults of a policy document that has a kind and a buffer, each as `pointer message`. */
export function faultsOf(document: Record<string, unknown>): readonly string[] {
  const read = parsePolicy({ kind: 'delivery', buffer: { share: '20%' }, ...document });
  return 'faults' in read ? read.faults.map(({ pointer, message }) => `${pointer} ${message}`) : [];
}
