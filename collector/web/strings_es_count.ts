// SPDX-License-Identifier: Apache-2.0
// Numbers of the Spanish words.
import { counter } from './strings_count';

export const countEs = counter('es-US');
export const numberEs = (n: number): string => n.toLocaleString('es-US');
