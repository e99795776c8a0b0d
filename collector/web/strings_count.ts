// SPDX-License-Identifier: Apache-2.0
// Numbers with their noun.

/** Writes numbers as @locale does, with the form of the noun that its plural rules ask for. */
export function counter(locale: string): (n: number, one: string, many: string) => string {
  const rules = new Intl.PluralRules(locale);
  return (n, one, many) => {
    const form = rules.select(n);
    // What Spanish calls "many" is a full million: "1,000,000 de escuelas".
    const noun = form === 'one' ? one : form === 'many' ? `de ${many}` : many;
    return `${n.toLocaleString(locale)} ${noun}`;
  };
}

export const count = counter('en-US');
