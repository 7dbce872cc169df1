// Sets the colours that were chosen before the first paint; without a choice the system's are used.
try {
  const theme = localStorage.getItem('longpole-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  console.debug('The browser keeps no settings for this page.', error);
}
