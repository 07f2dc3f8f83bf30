import type { Child } from 'hono/jsx';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what was typed. */
  readonly fault?: string | undefined;
  /** The control, which takes `controlProps` of the same field. */
  readonly children: Child;
}

/** A control with its label, how to fill it in, and what is wrong with it. */
export function Field({ name, label, hint, fault, children }: FieldProps) {
  return (
    <div>
      <label for={idOf(name)}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${idOf(name)}-hint`}>
          {hint}
        </p>
      )}
      {children}
      <Fault name={name} fault={fault} />
    </div>
  );
}

/** What is wrong, where the control of the field says it is. */
export function Fault({ name, fault }: Pick<FieldProps, 'name' | 'fault'>) {
  if (fault === undefined) return null;
  return (
    <p class="fault" id={`${idOf(name)}-fault`}>
      {fault}
    </p>
  );
}

/** What ties a control to its label, its hint and its fault. */
export function controlProps({ name, hint, fault }: Pick<FieldProps, 'name' | 'hint' | 'fault'>) {
  const described = [
    ...(hint === undefined ? [] : [`${idOf(name)}-hint`]),
    ...(fault === undefined ? [] : [`${idOf(name)}-fault`]),
  ];
  return {
    id: idOf(name),
    name,
    ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
    ...(fault === undefined ? {} : { 'aria-invalid': 'true' as const }),
  };
}

/** The id of the control of a field. */
export const idOf = (name: string): string => `field-${name}`;

interface FaultsProps {
  readonly title: string;
  /** By the names of their fields, in the order in which these stand. */
  readonly faults: readonly (readonly [name: string, fault: string | undefined])[];
}

/** All that is wrong, before the form: each leads to its field. Nothing where nothing is. */
export function Faults({ title, faults }: FaultsProps) {
  const found = faults.flatMap(([name, fault]) => (fault === undefined ? [] : [{ name, fault }]));
  if (found.length === 0) return null;
  return (
    <div class="faults" role="alert">
      <p>{title}</p>
      <ul>
        {found.map(({ name, fault }) => (
          <li>
            <a href={`#${idOf(name)}`}>{fault}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PeopleProps {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string;
  /** What stands for nobody; left out where somebody must be named. */
  readonly nobody: string;
  readonly field: Pick<FieldProps, 'name' | 'hint' | 'fault'>;
}

/** One of the staff, by name. */
export function PersonSelect({ people, chosen, nobody, field }: PeopleProps) {
  return (
    <select {...controlProps(field)}>
      <option value="">{nobody}</option>
      {people.map(({ id, name }) => (
        <option value={id} selected={id === chosen}>
          {name}
        </option>
      ))}
    </select>
  );
}
