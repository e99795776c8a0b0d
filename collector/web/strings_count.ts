// SPDX-License-Identifier: Apache-2.0
// Numbers with their noun.
export const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
