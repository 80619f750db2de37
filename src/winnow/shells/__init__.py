"""How people and programs reach the services; shells get the outside world from `bootstrap` only."""
