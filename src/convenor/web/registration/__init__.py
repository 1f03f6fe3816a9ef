"""Screens of registration: setting it up, the public page, the personal page, registering others."""
