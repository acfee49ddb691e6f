"""The durable part of Redress: one workflow per complaint."""
