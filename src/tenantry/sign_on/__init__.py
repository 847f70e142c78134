"""Single sign-on before a team's services: who comes in, where, and what the proxy at the door is told.

Texts and numbers only; `components/sign_on` has the resources.
"""
