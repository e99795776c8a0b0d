// SPDX-License-Identifier: Apache-2.0
// Forms: fields with label, hint and mistake, of which the first that is wrong gets the focus.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { problemOf, type Problem } from './api';
import { visibleText } from './format';
import { forgetKept, keptValues, watchForm } from './kept_forms';
import { Outside } from './parts';
import { t } from './strings';

/** What is wrong with a field; without a name with all of it. */
export interface Mistake {
  name: string;
  text: string;
  /** Another field that can mend it. */
  by?: string;
}

type Values = Record<string, string>;

export interface FormState {
  /** Begins the ids of its fields, so that two forms fit on a page. */
  id: string;
  values: Values;
  set: (name: string, value: string) => void;
  /** Whether it may not be left empty. */
  isNeeded: (name: string) => boolean;
  mistake: Mistake | null;
  isBusy: boolean;
  onSubmit: JSX.SubmitEventHandler<HTMLFormElement>;
  element: { current: HTMLFormElement | null };
}

interface FormOptions {
  id: string;
  start: Values;
  /** What is said of a field that is empty; those that are not here may be. */
  missing: Values | ((values: Values) => Values);
  /** What else is seen without the collector. */
  check?: (values: Values) => Mistake | null;
  /** May throw a Problem; its pointer names the field. */
  send: (values: Values) => Promise<void>;
  /** What a refusal means here, where its own sentence is not enough. */
  explain?: (problem: Problem) => Mistake | null;
}

export function useForm(options: FormOptions): FormState {
  const [values, setValues] = useState(() => ({ ...options.start, ...keptValues(options.id) }));
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const [isBusy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const typed = useRef<() => Values>(() => ({}));
  typed.current = () => typedIn(element.current, options.start, values);
  useEffect(() => watchForm(options.id, () => typed.current()), [options.id]);
  const missing =
    typeof options.missing === 'function' ? options.missing(values) : options.missing;
  const stop = (next: Mistake | null) => {
    setMistake(next);
    setBusy(false);
    if (next?.name) element.current?.querySelector<HTMLElement>(`[name="${next.name}"]`)?.focus();
  };
  const onSubmit: JSX.SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    if (isBusy) return;
    const early = firstMissing(missing, values) ?? options.check?.(values) ?? null;
    if (early) return stop(early);
    setBusy(true);
    // Not after: by then the page may be drawn again, and the form with it.
    forgetKept(options.id);
    void options.send(values).then(
      () => stop(null),
      (error: unknown) => {
        const problem = problemOf(error);
        stop(options.explain?.(problem) ?? mistakeOf(problem, values));
      },
    );
  };
  const set = (name: string, value: string) => {
    setValues((old) => ({ ...old, [name]: value }));
    // What was wrong with it is not known of what it says now.
    setMistake((old) => (old && [old.name, old.by].includes(name) ? null : old));
  };
  const isNeeded = (name: string) => Object.hasOwn(missing, name);
  return { id: options.id, values, set, isNeeded, mistake, isBusy, onSubmit, element };
}

/** What may be kept over a load: what is another than it began with, and nothing secret. */
function typedIn(form: HTMLFormElement | null, start: Values, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) =>
        value !== start[name] &&
        form?.querySelector(`[name="${name}"]:not([data-secret], [type="password"])`),
    ),
  );
}

function firstMissing(missing: Values, values: Values) {
  for (const [name, text] of Object.entries(missing))
    if (!values[name]?.trim()) return { name, text };
  return null;
}

/** Of "/grants/0/code" the first part is the field. */
function mistakeOf(problem: Problem, values: Values): Mistake {
  const name = problem.pointer.split('/')[1] ?? '';
  return { name: Object.hasOwn(values, name) ? name : '', text: problem.detail };
}

interface FormProps {
  form: FormState;
  submit: string;
  busy: string;
  class?: string;
  children: ComponentChildren;
  /** Behind the button. */
  after?: ComponentChildren;
}

export const Form = ({ form, submit, busy, children, after, class: extra }: FormProps) => (
  <form ref={form.element} class={`plain-form ${extra ?? ''}`} onSubmit={form.onSubmit} noValidate>
    {form.mistake && !form.mistake.name && (
      <p class="notice tone-not_ready" role="alert">
        <Outside text={form.mistake.text} />
      </p>
    )}
    {children}
    <p class="form-buttons">
      <button class="usa-button" type="submit" aria-disabled={form.isBusy}>
        {form.isBusy ? busy : submit}
      </button>
      {after}
    </p>
  </form>
);

interface FieldProps {
  form: FormState;
  name: string;
  label: string;
  hint?: string | undefined;
}

const idOf = ({ form, name }: FieldProps): string => `${form.id}-${name}`;
const mistakeIn = ({ form, name }: FieldProps): string =>
  form.mistake?.name === name ? form.mistake.text : '';

export function Field(props: FieldProps & { children: ComponentChildren }) {
  const why = mistakeIn(props);
  const id = idOf(props);
  return (
    <div class={`usa-form-group ${why && 'usa-form-group--error'}`}>
      <label class="usa-label" for={id}>
        {props.label}
      </label>
      {props.hint && (
        <span class="usa-hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
      {why && (
        <span class="usa-error-message" id={`${id}-mistake`} role="alert">
          <Outside text={why} />
        </span>
      )}
      {props.children}
    </div>
  );
}

/** What ties an input to the texts around it; @more: the id of another one. */
function tiesOf(props: FieldProps, more = '') {
  const id = idOf(props);
  const why = mistakeIn(props);
  const described = [why && `${id}-mistake`, props.hint && `${id}-hint`, more].filter(Boolean);
  return {
    id,
    name: props.name,
    class: `usa-input ${why && 'usa-input--error'}`,
    value: props.form.values[props.name] ?? '',
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': why !== '',
    'aria-required': props.form.isNeeded(props.name),
  };
}

interface InputProps extends FieldProps {
  autocomplete?: string;
  inputMode?: 'text' | 'numeric' | 'email';
  maxLength?: number;
  type?: 'text' | 'date' | 'number';
}

export const TextField = ({
  autocomplete = 'off',
  inputMode,
  maxLength,
  type,
  ...props
}: InputProps) => (
  <Field {...props}>
    <input
      {...tiesOf(props)}
      type={type ?? 'text'}
      autocomplete={autocomplete}
      autocapitalize="off"
      spellcheck={false}
      inputMode={inputMode}
      maxLength={maxLength}
      onInput={(event) => props.form.set(props.name, event.currentTarget.value)}
    />
  </Field>
);

/** For more than a few words. */
export const AreaField = (props: FieldProps) => {
  const ties = tiesOf(props);
  return (
    <Field {...props}>
      <textarea
        {...ties}
        class={`${ties.class} text-area`}
        rows={3}
        onInput={(event) => props.form.set(props.name, event.currentTarget.value)}
      />
    </Field>
  );
};

interface SecretProps extends FieldProps {
  autocomplete: string;
  show: string;
  hide: string;
  /** The id of what describes it beside the hint. */
  describedBy?: string;
}

/** What others in the room shall not read, unless one asks to see it. */
export function SecretField({ autocomplete, show, hide, describedBy, ...props }: SecretProps) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Field {...props}>
        <input
          {...tiesOf(props, describedBy)}
          type={isShown ? 'text' : 'password'}
          data-secret
          autocomplete={autocomplete}
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => props.form.set(props.name, event.currentTarget.value)}
        />
      </Field>
      <p class="show-secret">
        <button
          type="button"
          class="usa-button usa-button--unstyled"
          aria-controls={idOf(props)}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? hide : show}
          <span class="usa-sr-only">: {props.label}</span>
        </button>
      </p>
    </>
  );
}

interface SelectProps extends FieldProps {
  options: [value: string, text: string][];
  /** Rows that are seen at once; without it one. */
  size?: number;
  /** What is chosen, where the form does not say it alone. */
  value?: string;
}

export const SelectField = ({ options, size, value, ...props }: SelectProps) => (
  <Field {...props}>
    <select
      {...tiesOf(props)}
      value={value ?? props.form.values[props.name] ?? ''}
      size={size}
      onChange={(event) => props.form.set(props.name, event.currentTarget.value)}
    >
      {options.map(([it, text]) => (
        <option key={it} value={it}>
          {visibleText(text)}
        </option>
      ))}
    </select>
  </Field>
);

/** "Try again in …", for a refusal that says how long to wait. */
export function waitText(problem: Problem): string {
  const at = new Date(Date.now() + problem.waitSeconds * 1000);
  const clock = at.toLocaleTimeString(t.locale, { hour: 'numeric', minute: '2-digit' });
  return t.sign_in.wait(problem.waitSeconds, clock);
}
