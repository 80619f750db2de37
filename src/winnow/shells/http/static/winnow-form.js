// Winnow: notes how a form is filled in, to tell people from scripts.
// No cookies, no fingerprint, no requests: three numbers and an empty field go with the form itself.
(function () {
  'use strict';

  // A field that no person sees and no browser fills in. Scripts that fill in everything do.
  function addTrap(form) {
    if (form.elements.namedItem('_winnow_website')) return;
    var trap = document.createElement('input');
    trap.type = 'text';
    trap.name = '_winnow_website';
    trap.tabIndex = -1;
    trap.autocomplete = 'off';
    trap.inert = true;
    trap.setAttribute('aria-hidden', 'true');
    trap.setAttribute('data-1p-ignore', '');
    trap.setAttribute('data-lpignore', 'true');
    trap.style.cssText = 'position:absolute;width:1px;height:1px;opacity:0;clip-path:inset(50%);pointer-events:none';
    form.appendChild(trap);
  }

  function watch(form) {
    var shownAt = performance.now();
    var pasted = new Set();
    var entered = 0;
    var current = null;

    form.addEventListener('focusin', function (event) {
      if (event.target !== current) entered += 1;
      current = event.target;
    });
    form.addEventListener('paste', function (event) {
      pasted.add(event.target);
    });
    // Comes before the form is sent, and also for `new FormData(form)`.
    form.addEventListener('formdata', function (event) {
      var seconds = (performance.now() - shownAt) / 1000;
      event.formData.set('_winnow_seconds', seconds.toFixed(1));
      event.formData.set('_winnow_pasted', String(pasted.size));
      event.formData.set('_winnow_entered', String(entered));
    });
    addTrap(form);
  }

  function start() {
    document.querySelectorAll('form[data-winnow], form[action*="/f/"]').forEach(watch);
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
