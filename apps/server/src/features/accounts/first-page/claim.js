const form = document.querySelector('#claim');
const said = document.querySelector('#said');
const button = form.querySelector('button');

function say(kind, text) {
  said.dataset.kind = kind;
  said.textContent = text;
}

async function claim() {
  button.disabled = true;
  say('waiting', 'Setting up your account …');
  const { email, password } = Object.fromEntries(new FormData(form));
  const token = location.pathname.split('/').at(-1);
  try {
    const answer = await fetch('/api/v1/auth/claim', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, email, password }),
    });
    if (answer.ok) {
      form.remove();
      // Neither the back button nor the history keeps the link.
      history.replaceState(null, '', '/docs');
      say(
        'done',
        'You are the owner. On this machine, "npx scriptorium login" signs you in; the API is described at ',
      );
      const link = document.createElement('a');
      link.href = '/docs';
      link.textContent = 'this address';
      said.append(link, '.');
      return;
    }
    const problem = await answer.json();
    const mistakes = (problem.errors ?? []).map((mistake) => mistake.message).join(' ');
    say('failed', mistakes || problem.detail || problem.title);
  } catch (error) {
    say('failed', `The server did not answer (${error.message}). Is it still running?`);
  }
  button.disabled = false;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void claim();
});
