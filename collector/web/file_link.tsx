// SPDX-License-Identifier: Apache-2.0
// A file of the API to keep. With a token it has to be asked for here: a link would not send it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { problemOf, readFile } from './api';
import { Outside } from './parts';
import { sessionToken } from './session';

interface Props {
  href: string;
  name: string;
  text: string;
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not at once: the browser may still be reading it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function FileLink({ href, name, text }: Props) {
  const [problem, setProblem] = useState('');
  const onClick: JSX.MouseEventHandler<HTMLAnchorElement> = (event) => {
    if (!sessionToken()) return;
    event.preventDefault();
    setProblem('');
    readFile(href).then(
      (file) => save(file, name),
      (error: unknown) => setProblem(problemOf(error).detail),
    );
  };
  return (
    <>
      <a href={href} download={name} onClick={onClick}>
        {text}
      </a>
      {problem && (
        <span class="usa-error-message" role="alert">
          <Outside text={problem} />
        </span>
      )}
    </>
  );
}
